import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type WrittenCamera, withCamera, withoutCamera } from '../../../src/config/cameras-in-yaml.js';
import { loadConfig } from '../../../src/config/load.js';
import { cameraConfigOf } from '../../../src/domain/camera-config.js';
import type { CameraInput } from '../../../src/domain/camera-kinds.js';
import type { CameraConfig } from '../../../src/domain/live.js';
import { HIDDEN, redactUrl } from '../../../src/source/camera/redact.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const DEFAULTS = { maxSidePx: 1280, maxFps: null, minFacePx: 24, rotate: 0, decode: 'auto' } as const;
const HEAD = 'purpose: testing # why\n';
const FILE = `${HEAD}cameras:
  # The front door.
  - id: door
    type: rtsp
    url: rtsp://\${DOOR_LOGIN}@10.0.0.7/live # its login is in the environment
    maxFps: 15
  - {id: yard, type: push}
`;
const rtsp = (url: string): CameraInput => ({ type: 'rtsp', url, transport: 'tcp' });
const camera = (id: string, input: CameraInput, more: Partial<CameraConfig> = {}): CameraConfig => ({
  ...cameraConfigOf({ id, input }, DEFAULTS),
  ...more,
});
const write = (text: string, of: CameraConfig, before: CameraConfig | null = null) =>
  withCamera(text, of, { before, defaults: DEFAULTS, redact: redactUrl, hidden: HIDDEN });
const written = (...args: Parameters<typeof write>): WrittenCamera => {
  const result = write(...args);
  if ('problem' in result) throw new Error(result.problem);
  return result;
};
async function read(text: string, env: Record<string, string> = {}): Promise<readonly CameraConfig[]> {
  const file = join(folder(), 'cameras.yaml');
  writeFileSync(file, text);
  return (await loadConfig({ file, env })).cameras;
}
const DOOR = camera('door', rtsp('rtsp://u:s3cret@10.0.0.7/live'), { maxFps: 15 });
const ENV = { DOOR_LOGIN: 'u:s3cret' };

describe('a camera in a configuration file', () => {
  it.each<[string, CameraConfig]>([
    ['rtsp', camera('hall', { type: 'rtsp', url: 'rtsps://10.0.0.8/live', transport: 'udp' }, { name: 'Hall: "1"' })],
    [
      'webcam',
      camera('desk', { type: 'webcam', device: '/dev/video0', size: { widthPx: 1280, heightPx: 720 }, fps: 30 }),
    ],
    ['file', camera('film', { type: 'file', path: '/films/a.mp4', loop: false }, { rotate: 90, maxFps: 12.5 })],
    [
      'push',
      camera(
        'phone',
        { type: 'push' },
        {
          masks: [
            {
              name: 'a',
              points: [
                [0, 0],
                [1, 0],
                [1, 1],
              ],
            },
          ],
          decode: 'none',
        },
      ),
    ],
  ])('%s is read back as it was added, at the end, and nothing else has changed', async (_, added) => {
    const { text, variables } = written(FILE, added);
    expect(text.startsWith(FILE.trimEnd())).toBe(true);
    expect((await read(text, ENV)).at(-1)).toEqual(added);
    expect(variables).toEqual([]);
  });

  it.each([HEAD, `${HEAD}cameras: []\n`, `${HEAD}cameras:\n`])('begins the list: %j', async (text) => {
    const added = camera('hall', rtsp('rtsp://10.0.0.8/live'));
    expect(await read(written(text, added).text)).toEqual([added]);
  });

  it('is written with the settings that differ, and not with those that are so anyway', () => {
    expect(written(`${HEAD}cameras: []\n`, camera('hall', rtsp('rtsp://10.0.0.8/live'), { minFacePx: 40 })).text).toBe(
      `${HEAD}cameras:\n  - id: hall\n    type: rtsp\n    url: rtsp://10.0.0.8/live\n    minFacePx: 40\n`,
    );
  });

  it('keeps comments, and the placeholder of an address that stays', async () => {
    const after = { ...DOOR, name: 'Front door', maxFps: null, minFacePx: 48 };
    const { text, variables } = written(FILE, after, DOOR);
    expect(text).toContain('# The front door.');
    expect(text).toContain(`url: rtsp://\${DOOR_LOGIN}@10.0.0.7/live # its login is in the environment`);
    expect(text).toContain('  - {id: yard, type: push}');
    expect(text).not.toContain('maxFps');
    expect(variables).toEqual([]);
    expect((await read(text, ENV))[0]).toEqual(after);
  });

  it('may become of another kind', async () => {
    const after = camera('door', { type: 'webcam', device: '/dev/video1', size: null, fps: null });
    expect((await read(written(FILE, after, DOOR).text, ENV))[0]).toEqual(after);
  });

  it('has a variable for each secret, and never the secret', async () => {
    const url = 'http://10.0.0.9/video?user=op&pwd=s3cret&size=2';
    const added = camera('front-door', { type: 'http', url });
    const { text, variables } = written(FILE, added);
    expect(text).not.toContain('s3cret');
    expect(variables).toEqual(['CAMERA_FRONT_DOOR_SECRET', 'CAMERA_FRONT_DOOR_SECRET_2']);
    const env = { ...ENV, CAMERA_FRONT_DOOR_SECRET: 'op', CAMERA_FRONT_DOOR_SECRET_2: 's3cret' };
    expect((await read(text, env)).at(-1)).toEqual(added);
    // Without them mien starts, and the camera refuses.
    expect((await read(text, ENV)).at(-1)!.input).toEqual({ type: 'http', url: url.replaceAll(/op|s3cret/g, 'unset') });
  });

  it('gets a variable for a login that was changed', async () => {
    const after = { ...DOOR, input: rtsp('rtsp://v:other@10.0.0.7/live') };
    const { text, variables } = written(FILE, after, DOOR);
    expect(text).not.toMatch(/other|s3cret/);
    expect(variables).toEqual(['CAMERA_DOOR_SECRET']);
    expect((await read(text, { CAMERA_DOOR_SECRET: 'v:other' }))[0]).toEqual(after);
  });

  it.each<[string, CameraConfig, CameraConfig | null, RegExp]>([
    [FILE, camera('hall', rtsp(`rtsp://10.0.0.8/\${HOME}`)), null, /url holds "\$\{"/],
    [FILE, camera('hall', { type: 'file', path: `/films/\${HOME}`, loop: true }), null, /path holds "\$\{"/],
    ['preset: webcam\n', camera('hall', { type: 'push' }), null, /from somewhere else/],
    ['cameras: [\n', camera('hall', { type: 'push' }), null, /cannot be read now/],
    [FILE, camera('hall', { type: 'push' }), camera('hall', { type: 'push' }), /not in the configuration file/],
  ])('is refused in words: %#', (text, of, before, words) => {
    expect(write(text, of, before)).toEqual({ problem: expect.stringMatching(words) });
  });

  it('is taken away, with its comments, and the others stay', async () => {
    const text = withoutCamera(FILE, 'door')!;
    expect((await read(text)).map(({ id }) => id)).toEqual(['yard']);
    expect(text).toContain('# why');
    const none = withoutCamera(text, 'yard')!;
    expect(await read(none)).toEqual([]);
    expect(withoutCamera(FILE, 'hall')).toBeNull();
  });
});
