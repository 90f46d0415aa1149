import { describe, expect, test } from 'vitest';
import type { PictureMark } from '../../../../src/source/camera/damage.js';
import { judgeEnd, type LiveRunFacts } from '../../../../src/source/camera/judge-end.js';
import { webcam } from '../../../../src/source/camera/kinds/webcam.js';
import { LiveLog } from '../../../../src/source/camera/live-log.js';
import { createRedactor } from '../../../../src/source/camera/redact.js';

function read(...lines: string[]) {
  let resizes = 0;
  const pictures: PictureMark[] = [];
  const log = new LiveLog({
    redact: createRedactor('rtsp://op:hunter2@cam/404'),
    onPicture: (mark) => pictures.push(mark),
    onResize: () => {
      resizes++;
    },
  });
  for (const line of lines) log.add(line);
  return { log, resizes, pictures };
}
const scaled = (w: number, h: number) =>
  `[scale@mien @ 0x5a] [verbose] w:1280 h:720 fmt:yuv420p sar:1/1 -> w:${w} h:${h} fmt:yuv420p sar:1/1 flags:0x0`;

test('a new output size is noticed once it differs', () => {
  expect(read(scaled(640, 360), scaled(640, 360)).resizes).toBe(0);
  expect(read(scaled(640, 360), scaled(360, 640)).resizes).toBe(1);
});

test('each picture is told with what the decoder complained of since the one before', () => {
  const picture = (pts: number, key: boolean, type: string) =>
    `[showinfo@mien @ 0x5a] [info] n:   7 pts:${String(pts).padStart(7)} pts_time:1.6     duration:  40000 ` +
    `fmt:yuv420p sar:0/1 s:640x480 i:P iskey:${key ? 1 : 0} type:${type} checksum:00000000`;
  const { pictures } = read(
    '[showinfo@mien @ 0x5a] [info] config in time_base: 1/1000000, frame_rate: 25/1',
    '[h264 @ 0x5b] [error] error while decoding MB 25 6, bytestream 4524',
    picture(0, true, 'I'),
    '[showinfo@mien @ 0x5a] [info] UUID=dc45e9bd',
    '[mjpeg @ 0x5b] [error] unable to decode APP fields: Invalid data found when processing input',
    picture(40_000, false, 'P'),
    '[h264 @ 0x5b] [info] concealing 984 DC, 984 AC, 984 MV errors in P frame',
    '[warning] rtsp://cam/live: corrupt decoded frame in stream 0',
    picture(80_000, true, 'P'),
    '[vist#0:0/h264 @ 0x5b] [dec:h264 @ 0x5c] [warning] corrupt decoded frame',
    picture(1_200_000, true, 'I'),
  );
  expect(pictures).toEqual([
    { ptsUs: 0, key: true, complaint: false },
    { ptsUs: 40_000, key: false, complaint: false },
    { ptsUs: 80_000, key: false, complaint: true },
    { ptsUs: 1_200_000, key: true, complaint: true },
  ]);
});

test.each([
  [
    'an SDP of sound',
    ['[rtsp @ 0x5a] [verbose] SDP:', 'v=0', 'm=audio 0 RTP/AVP 0', 'm=application 0 RTP/AVP 107'],
    true,
  ],
  [
    'an SDP with a picture',
    ['[rtsp @ 0x5a] [verbose] SDP:', '[verbose] m=audio 0 RTP/AVP 0', 'm=video 0 RTP/AVP 96'],
    false,
  ],
  ['a file of sound, ffmpeg 5', ["[fatal] Stream map '0:v:0' matches no streams."], true],
  ['a file of sound, ffmpeg 9', ["[fatal] Stream map '' matches no streams."], true],
  ['nothing yet', ['[tcp @ 0x5a] [verbose] Starting connection attempt'], false],
])('no video: %s', (_, lines, none) => expect(read(...lines).log.hasNoVideo).toBe(none));

test('the codec is that of the input', () => {
  const input = '[info]   Stream #0:0: Video: h264 (Constrained Baseline), yuv420p(tv), 1280x720, 30 fps';
  const output = '[info]   Stream #0:0: Video: rawvideo (I420 / 0x30323449), yuv420p, 640x360';
  expect(read(input, '[info] Stream mapping:', output).log.codec).toBe('h264');
  expect(read('[info] Stream mapping:', output).log.codec).toBeNull();
});

describe('what ffmpeg 5.1 says, and what it means', () => {
  test.each([
    ['[error] rtsp://op:hunter2@cam/404: Connection refused', 'unreachable'],
    ['[error] rtsp://op:hunter2@cam/404: Server returned 401 Unauthorized (authorization failed)', 'unauthorised'],
    ['[rtsp @ 0x5] [error] method DESCRIBE failed: 403 Forbidden', 'unauthorised'],
    ['[rtsp @ 0x5] [error] method DESCRIBE failed: 404 Not Found', 'not-found'],
    ['[rtsp @ 0x5] [error] method DESCRIBE failed: 503 Service Unavailable', 'unreachable'],
    ['[error] rtsp://op:hunter2@cam/404: Server returned 5XX Server Error reply', 'unreachable'],
    ['[tcp @ 0x5] [error] Failed to resolve hostname cam: Name or service not known', 'unreachable'],
    ['[error] rtsp://op:hunter2@cam/404: Invalid data found when processing input', 'undecodable'],
    ["[error] Unrecognized option 'frobnicate'.", 'unusable'],
    ['[error] /dev/video0: Device or resource busy', 'unreachable'],
    ["[rtp @ 0x5] [error] Protocol 'file' not on whitelist 'http,https'!", 'unusable'],
  ] as const)('%s', (line, reason) => {
    const { verdict } = read(line).log;
    expect(verdict?.reason).toBe(reason);
    expect(verdict?.line).not.toContain('hunter2');
  });
  test('nothing is read into an address, or into what is no complaint', () => {
    expect(read('[verbose] HTTP 404', '[warning] rtsp://op:hunter2@cam/404: odd').log.verdict).toBeUndefined();
  });
  test('the graver of two verdicts stays', () => {
    const lines = ['[rtsp @ 0x5] [error] method DESCRIBE failed: 401 Unauthorized', '[error] x: Input/output error'];
    expect(read(...lines).log.verdict?.reason).toBe('unauthorised');
    expect(read(...lines.reverse()).log.verdict?.reason).toBe('unauthorised');
  });
});

describe('what a person is told of it', () => {
  const told = (...lines: string[]) =>
    judgeEnd({
      explain: () => null,
      address: 'rtsp://***@cam/404',
      stopped: false,
      sizeChanged: false,
      stalledMs: null,
      starvedMs: null,
      exit: { spawnError: null, code: 1, signal: null },
      log: read(...lines).log,
      streamProblem: null,
      frames: 0,
    }).message;
  test.each([
    ['[error] rtsp://op:hunter2@cam/404: Connection refused', 'nothing listens there: the connection was refused'],
    ['[rtsp @ 0x5] [error] method DESCRIBE failed: 404 Not Found', 'it has nothing under this name (404)'],
    [
      '[error] rtsp://op:hunter2@cam/404: Invalid data found when processing input',
      'what it sends cannot be read as video',
    ],
    ['[h264 @ 0x5] [error] no frame!', 'ffmpeg gave up: its data cannot be read'],
  ])('%s', (line, words) => expect(told(line)).toBe(`rtsp://***@cam/404: ${words}`));
});

describe('how a run ended', () => {
  const clean: LiveRunFacts = {
    explain: () => null,
    address: 'rtsp://***@cam/x',
    stopped: false,
    sizeChanged: false,
    stalledMs: null,
    starvedMs: null,
    exit: { spawnError: null, code: 0, signal: null },
    log: { verdict: undefined, lastError: undefined, hasNoVideo: false },
    streamProblem: null,
    frames: 100,
  };
  const exit = (code: number | null, signal: string | null = null) => ({ spawnError: null, code, signal });
  const device = (lastError: string) => ({
    explain: (said: string) => webcam.explain?.(said) ?? null,
    frames: 0,
    exit: exit(1),
    log: { verdict: undefined, lastError, hasNoVideo: false },
  });
  test.each<[string, Partial<LiveRunFacts>, string]>([
    ['a clean exit', {}, 'ended'],
    ['a clean exit without a picture', { frames: 0 }, 'ended'],
    ['asked to stop', { stopped: true, exit: exit(255) }, 'stopped'],
    ['asked to stop while stalling', { stopped: true, stalledMs: 2_000 }, 'stopped'],
    ['another size', { sizeChanged: true, exit: exit(null, 'SIGTERM') }, 'size-changed'],
    ['silence', { stalledMs: 2_000, exit: exit(null, 'SIGKILL') }, 'stalled'],
    [
      'noise',
      {
        stalledMs: 10_000,
        frames: 0,
        log: { verdict: { reason: 'undecodable', line: 'x' }, lastError: 'x', hasNoVideo: false },
      },
      'undecodable',
    ],
    [
      'sound alone, though the server goes silent',
      { stalledMs: 10_000, frames: 0, log: { verdict: undefined, lastError: undefined, hasNoVideo: true } },
      'undecodable',
    ],
    ['killed', { exit: exit(null, 'SIGKILL') }, 'decoder-died'],
    ['stopped by someone else', { exit: exit(255) }, 'decoder-died'],
    ['broken output', { streamProblem: 'checksum' }, 'decoder-died'],
    ['no program', { exit: { spawnError: 'ENOENT', code: null, signal: null }, frames: 0 }, 'unusable'],
    [
      'broken off after frames',
      { exit: exit(1), log: { verdict: { reason: 'unreachable', line: 'x' }, lastError: 'x', hasNoVideo: false } },
      'ended',
    ],
    [
      'refused',
      {
        frames: 0,
        exit: exit(1),
        log: { verdict: { reason: 'unreachable', line: 'x' }, lastError: 'x', hasNoVideo: false },
      },
      'unreachable',
    ],
    ['unknown failure', { frames: 0, exit: exit(1) }, 'undecodable'],
    ['no device', device('/dev/video0: No such file or directory'), 'not-found'],
    ['a device of others', device('/dev/video0: Permission denied'), 'unauthorised'],
  ])('%s', (_what, change, reason) => {
    const end = judgeEnd({ ...clean, ...change });
    expect(end.reason).toBe(reason);
    expect(end.message).toMatch(/^rtsp:\/\/\*\*\*@cam\/x: .+$/);
  });

  test('the address is said once', () => {
    const line = 'rtsp://***@cam/x: Server returned 404 Not Found';
    const log = { verdict: { reason: 'not-found' as const, line }, lastError: line, hasNoVideo: false };
    expect(judgeEnd({ ...clean, frames: 0, exit: exit(1), log }).message).toBe(
      'rtsp://***@cam/x: it has nothing under this name (404)',
    );
  });
});

test.each([
  [null, 'no picture within 10 s'],
  [2_999, 'no picture within 10 s'],
  [6_240, 'no picture within 10 s, of which ffmpeg waited 6.2 s for a processor: this machine has too much to do'],
])('no picture, and ffmpeg without a processor for %j ms', (starvedMs, words) => {
  const { reason, message } = judgeEnd({
    explain: () => null,
    address: 'rtsp://***@cam/x',
    stopped: false,
    sizeChanged: false,
    stalledMs: 10_000,
    starvedMs,
    exit: { spawnError: null, code: null, signal: 'SIGTERM' },
    log: { verdict: undefined, lastError: undefined, hasNoVideo: false },
    streamProblem: null,
    frames: 0,
  });
  expect({ reason, message }).toEqual({ reason: 'stalled', message: `rtsp://***@cam/x: ${words}` });
});
