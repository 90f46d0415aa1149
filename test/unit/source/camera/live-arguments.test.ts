import { describe, expect, test } from 'vitest';
import type { CameraInput } from '../../../../src/domain/camera-kinds.js';
import { liveArguments } from '../../../../src/source/camera/live-arguments.js';
import type { StreamInput } from '../../../../src/source/camera/stream-kind.js';
import { parseFfmpegVersion } from '../../../../src/source/ffmpeg-version.js';

function made(input: StreamInput, { platform = 'linux' as NodeJS.Platform, version = '5.1.9' } = {}) {
  const {
    input: before,
    output,
    address,
  } = liveArguments({
    input,
    ffmpeg: parseFfmpegVersion(version),
    maxSidePx: 1280,
    decoderThreads: 1,
    networkTimeoutMs: 11_000,
    platform,
    mediatorUrl: 'url' in input ? 'rtsp://127.0.0.1:9/camera' : null,
  });
  return { before, output, address, words: ` ${before.join(' ')} ` };
}
const webcam = (device: string, more = {}): StreamInput => ({ type: 'webcam', device, size: null, fps: null, ...more });

describe('input arguments by type', () => {
  test.each<{
    what: string;
    input: StreamInput;
    platform?: NodeJS.Platform;
    has: string[];
    not: string[];
    address: string;
  }>([
    {
      what: 'rtsp over tcp',
      input: { type: 'rtsp', url: 'rtsp://c/x', transport: 'tcp' },
      has: [
        '-rtsp_transport tcp',
        '-timeout 11000000',
        '-flags low_delay',
        '-max_delay 0',
        '-reorder_queue_size 0',
        '-allowed_media_types video',
      ],
      not: ['file', 'nobuffer', '-re ', '-stimeout'],
      address: 'rtsp://127.0.0.1:9/camera',
    },
    {
      what: 'rtsp over udp',
      input: { type: 'rtsp', url: 'rtsp://c/x', transport: 'udp' },
      has: ['-rtsp_transport udp', '-protocol_whitelist rtsp,rtp,srtp,udp,tcp '],
      not: ['file', 'tls'],
      address: 'rtsp://127.0.0.1:9/camera',
    },
    {
      what: 'rtsps, where udp would leave the encryption',
      input: { type: 'rtsp', url: 'RTSPS://c/x', transport: 'udp' },
      has: ['-rtsp_transport tcp'],
      not: ['tls'],
      address: 'rtsp://127.0.0.1:9/camera',
    },
    {
      what: 'http',
      input: { type: 'http', url: 'http://c/x' },
      has: [
        '-protocol_whitelist http,https,httpproxy,tcp,tls,crypto',
        '-format_whitelist hls,',
        '-rw_timeout 11000000',
      ],
      not: ['file', 'concat', 'udp', 'http_proxy'],
      address: 'rtsp://127.0.0.1:9/camera',
    },
    {
      what: 'v4l2',
      input: webcam('/dev/video0'),
      has: ['-f v4l2'],
      not: ['-framerate', '-video_size'],
      address: '/dev/video0',
    },
    {
      what: 'v4l2 with a format',
      input: webcam('/dev/video0', { size: { widthPx: 1280, heightPx: 720 }, fps: 30 }),
      has: ['-video_size 1280x720', '-framerate 30'],
      not: [],
      address: '/dev/video0',
    },
    {
      what: 'avfoundation',
      input: webcam('0'),
      platform: 'darwin',
      has: ['-f avfoundation'],
      not: [],
      address: '0:none',
    },
    { what: 'dshow', input: webcam('Cam'), platform: 'win32', has: ['-f dshow'], not: [], address: 'video=Cam' },
    {
      what: 'file',
      input: { type: 'file', path: '/x/-i.mp4', loop: false },
      has: ['-re', '-protocol_whitelist file', '-format_whitelist mov,'],
      not: ['-stream_loop', 'http', 'hls'],
      address: 'file:/x/-i.mp4',
    },
    {
      what: 'looped file',
      input: { type: 'file', path: '/x', loop: true },
      has: ['-stream_loop -1'],
      not: [],
      address: 'file:/x',
    },
  ])('$what', ({ input, platform, has, not, address }) => {
    const args = made(input, platform ? { platform } : {});
    for (const part of has) expect(args.words).toContain(` ${part}`);
    for (const part of not) expect(args.words).not.toContain(part);
    expect(args.address).toBe(address);
  });
});

test.each([
  ['5.0.1', '-vsync'],
  ['5.1.9', '-fps_mode'],
  ['6.1', '-fps_mode'],
  ['n7.1', '-fps_mode'],
])('ffmpeg %s keeps every frame at its time with %s', (version, option) => {
  const { output } = made({ type: 'http', url: 'http://c/x' }, { version });
  expect(output[output.indexOf(option) + 1]).toBe('passthrough');
});

test('of an address nothing is among the arguments', () => {
  const all = made({ type: 'rtsp', url: 'rtsp://operator:hunter2@cam.example/secret', transport: 'tcp' });
  expect(JSON.stringify(all)).not.toMatch(/operator|hunter2|cam\.example|secret/);
});

test('frames leave at once, unsqueezed, in limited range', () => {
  const { output } = made({ type: 'http', url: 'http://c/x' } satisfies CameraInput);
  const words = output.join(' ');
  for (const part of ['-autoscale 0', '-flush_packets 1', 'out_range=tv', 'format=yuv420p', '-f nut']) {
    expect(words).toContain(part);
  }
});
