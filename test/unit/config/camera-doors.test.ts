import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { cameraConfigOf } from '../../../src/domain/camera-config.js';
import { settingProblem } from '../../../src/domain/camera-input.js';
import { CAMERA_KIND_NAMES, type CameraInput, type CameraKind, kindNotes } from '../../../src/domain/camera-kinds.js';
import { changedSource } from '../../../src/protocol/rest.js';

interface Written {
  readonly input: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}
interface Case {
  readonly what: string;
  readonly yaml: Written;
  readonly rest: Written;
  readonly ok: boolean;
}

async function inYaml({ input, more }: Written) {
  const overrides = [{ key: 'cameras', value: [{ id: 'a', ...input, ...more }], origin: 'test' }];
  const config = await loadConfig({ env: { MIEN_PURPOSE: 'testing' }, overrides });
  return config.cameras[0]!;
}
async function inRest({ input, more }: Written) {
  const { cameraDefaults } = await loadConfig({ env: { MIEN_PURPOSE: 'testing' } });
  return cameraConfigOf({ ...changedSource.parse({ input, ...more }), id: 'a' }, cameraDefaults);
}

/** The same setting at both doors, each in its own notation. */
const same = (what: string, ok: boolean, input: Written['input'], more?: Written['more']): Case => {
  const written = more ? { input, more } : { input };
  return { what, ok, yaml: written, rest: written };
};
const size = (ok: boolean, widthPx: number, heightPx: number): Case => ({
  what: `a size of ${widthPx}x${heightPx}`,
  ok,
  yaml: { input: { type: 'webcam', device: '/dev/video0', size: `${widthPx}x${heightPx}` } },
  rest: { input: { type: 'webcam', device: '/dev/video0', size: { widthPx, heightPx } } },
});
const fps = (ok: boolean, rate: number) =>
  same(`${rate} frames a second`, ok, { type: 'webcam', device: '/dev/video0', fps: rate });
const text = (what: string, ok: boolean, of: 'device' | 'path', value: string) =>
  same(what, ok, of === 'path' ? { type: 'file', path: value } : { type: 'webcam', device: value });
const treated = (ok: boolean, more: Written['more']) => same(JSON.stringify(more), ok, { type: 'push' }, more);

describe('a camera has the same limits in YAML, over REST and when it is opened', () => {
  it.each<Case>([
    size(true, 16, 16),
    size(true, 7680, 4320),
    size(false, 15, 16),
    size(false, 16, 15),
    size(false, 7681, 4320),
    size(false, 4320, 7680),
    fps(true, 1),
    fps(true, 240),
    fps(false, 0.5),
    fps(false, 241),
    text('a path of 2048 characters', true, 'path', `/${'x'.repeat(2047)}`),
    text('a path of 2049', false, 'path', `/${'x'.repeat(2048)}`),
    text('no path', false, 'path', ''),
    text('a device of 256 characters', true, 'device', 'x'.repeat(256)),
    text('a device of 257', false, 'device', 'x'.repeat(257)),
    ...['\n', '\u007f', '\u0085', '\u2028'].flatMap((control) => [
      text(`a path with ${JSON.stringify(control)}`, false, 'path', `/a${control}b`),
      text(`a device with ${JSON.stringify(control)}`, false, 'device', `a${control}b`),
    ]),
    text('an option as path', false, 'path', '-i'),
    text('an option as device', false, 'device', '-i'),
    text('an address as path', false, 'path', 'http://cam.test/x'),
    text('a protocol of ffmpeg as path', false, 'path', 'concat:a|b'),
    text('a path with a colon', true, 'path', '/clips/take:2.mp4'),
    text('a drive', true, 'path', 'C:/clips/a.mp4'),
    same('a transport there is not', false, { type: 'rtsp', url: 'rtsp://cam/x', transport: 'sctp' }),
    same('another scheme', false, { type: 'rtsp', url: 'http://cam/x' }),
    same('an address of 2049 characters', false, { type: 'http', url: `http://cam/${'x'.repeat(2038)}` }),
    same('a setting of another kind', false, { type: 'push', loop: true }),
    same('a kind there is not', false, { type: 'lens' }),
    treated(true, { maxSidePx: 64, maxFps: 0.1, minFacePx: 16, name: 'x' }),
    treated(true, { maxSidePx: 3840, maxFps: 240, minFacePx: 1024, name: 'x'.repeat(100) }),
    treated(false, { maxSidePx: 63 }),
    treated(false, { maxSidePx: 3841 }),
    treated(false, { maxFps: 0.09 }),
    treated(false, { maxFps: 241 }),
    treated(false, { minFacePx: 15 }),
    treated(false, { minFacePx: 1025 }),
    ...[0, 90, 180, 270].map((rotate) => treated(true, { rotate })),
    treated(false, { rotate: 45 }),
    treated(false, { rotate: '90' }),
    treated(true, { decode: 'qsv' }),
    treated(false, { decode: 'dxva2' }),
    treated(false, { name: '' }),
    treated(false, { name: 'x'.repeat(101) }),
  ])('$what: $ok', async ({ yaml, rest, ok }) => {
    const [configured, requested] = await Promise.allSettled([inYaml(yaml), inRest(rest)]);
    expect([configured.status, requested.status]).toEqual(Array(2).fill(ok ? 'fulfilled' : 'rejected'));
    if (configured.status === 'fulfilled' && requested.status === 'fulfilled') {
      expect(settingProblem(configured.value.input)).toBeNull();
      if (configured.value.input.type !== 'file') expect(requested.value).toEqual(configured.value);
    }
    const { type } = rest.input;
    const known = CAMERA_KIND_NAMES.find((kind) => kind === type);
    const settings = known ? Object.keys(kindNotes(known).fields) : [];
    // Each wrong setting of an input that is otherwise whole, as a program might make it.
    if (!ok && !rest.more && known && settings.some((name) => name in rest.input)) {
      const whole = { ...wholeInput(known), ...rest.input } as unknown as CameraInput;
      expect(settingProblem(whole)).not.toBeNull();
    }
  });

  it.each(CAMERA_KIND_NAMES)('a %s that says only what it opens has the same defaults at both', async (kind) => {
    const { type, ...fields } = wholeInput(kind);
    const opened = Object.fromEntries(Object.entries(fields).filter(([name]) => /^(url|device|path)$/.test(name)));
    const input = { type, ...opened };
    expect(await inRest({ input })).toEqual(await inYaml({ input }));
    expect((await inYaml({ input })).input).toEqual(wholeInput(kind));
  });
});

const OPENED = {
  rtsp: { url: 'rtsp://cam.test/live', transport: 'tcp' },
  http: { url: 'http://cam.test/live' },
  webcam: { device: '/dev/video0', size: null, fps: null },
  file: { path: '/clips/a.mp4', loop: true },
  push: {},
} as const satisfies Readonly<Record<CameraKind, object>>;
const wholeInput = (kind: CameraKind): CameraInput => ({ type: kind, ...OPENED[kind] }) as CameraInput;
