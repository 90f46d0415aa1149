import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCameraKeeper } from '../../../src/app/camera-keeper.js';
import { ConfigFile } from '../../../src/app/config-file.js';
import { diffConfig } from '../../../src/config/diff.js';
import { loadConfig } from '../../../src/config/load.js';
import type { CameraConfig } from '../../../src/domain/live.js';
import { cameraConfig } from '../../support/live-frames.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const FILE = `purpose: testing
cameras:
  - id: door
    type: push
rules:
  - id: visitors
    cameras: [door]
    when: { type: faces, least: 1 }
    do: [{ type: log }]
`;
const DOOR = cameraConfig('door', { input: { type: 'push' } });
const secret = cameraConfig('hall', { input: { type: 'rtsp', url: 'rtsp://u:s3cret@10.0.0.8/a', transport: 'tcp' } });

/** A keeper of a file, and of cameras that run. */
async function setUp(text = FILE, running: readonly CameraConfig[] = [DOOR], env: Record<string, string> = {}) {
  const path = join(folder(), 'cameras.yaml');
  writeFileSync(path, text);
  const read = () => loadConfig({ file: path, env });
  let applied = await read();
  const cameras = new Map(running.map((camera) => [camera.id, camera]));
  const keeper = createCameraKeeper(new ConfigFile(path), {
    ownConfig: (id) => cameras.get(id),
    applied: () => applied,
    apply: (config) => {
      applied = config;
    },
    env,
  });
  return { path, read, cameras, keeper, changes: async () => diffConfig(applied, await read()).cameras };
}
const NOTHING = { added: [], changed: [], removed: [] };

describe('cameras in the configuration file', () => {
  it('are saved, changed and removed, and reading the file again then changes nothing', async () => {
    const { keeper, cameras, read, changes } = await setUp();
    const hall = cameraConfig('hall', { input: { type: 'push' } });
    cameras.set('hall', hall);
    expect(keeper.unsaved('hall')).toBe('this camera is not in the configuration file');
    expect(await keeper.save('hall')).toEqual({ unsaved: null, variables: [] });
    expect((await read()).cameras).toEqual([DOOR, hall]);
    expect(keeper.unsaved('hall')).toBeNull();
    expect(await changes()).toEqual(NOTHING);

    cameras.set('hall', { ...hall, name: 'Hall' });
    expect(keeper.unsaved('hall')).toBe('the configuration file has it otherwise');
    expect(await keeper.save('hall')).toEqual({ unsaved: null, variables: [] });
    expect((await read()).cameras[1]).toEqual({ ...hall, name: 'Hall' });
    expect(await changes()).toEqual(NOTHING);

    cameras.delete('hall');
    expect(await keeper.remove('hall')).toBeNull();
    expect((await read()).cameras).toEqual([DOOR]);
    expect(await changes()).toEqual(NOTHING);
    expect(await keeper.remove('hall')).toBeNull();
  });

  it('are not opened again for a login that only the running camera has', async () => {
    const { keeper, path, changes } = await setUp(FILE, [DOOR, secret]);
    expect(await keeper.save('hall')).toEqual({ unsaved: null, variables: ['CAMERA_HALL_SECRET'] });
    expect(readFileSync(path, 'utf8')).not.toContain('s3cret');
    expect(await changes()).toEqual(NOTHING);
    expect(keeper.unsaved('hall')).toBeNull();
  });

  it('ask for no variable that holds the login already', async () => {
    const { keeper, read } = await setUp(FILE, [DOOR, secret], { CAMERA_HALL_SECRET: 'u:s3cret' });
    expect(await keeper.save('hall')).toEqual({ unsaved: null, variables: [] });
    expect((await read()).cameras[1]).toEqual(secret);
  });

  it('stay where a rule waits in a zone that would be gone', async () => {
    const zone = '{ name: till, points: [[0, 0], [1, 0], [1, 1]] }';
    const text = FILE.replace('least: 1', 'least: 1, zone: till').replace(
      'type: push',
      `type: push\n    zones: [${zone}]`,
    );
    const { keeper, path, cameras } = await setUp(text);
    cameras.set('door', { ...DOOR, zones: [] });
    const why = 'rule visitors waits in zone till, which would be gone; change the rule first';
    expect(await keeper.save('door')).toEqual({ unsaved: why, variables: [] });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('are kept one after the other when they come at once', async () => {
    const more = ['a', 'b', 'c'].map((id) => cameraConfig(id, { input: { type: 'push' } }));
    const { keeper, read } = await setUp(FILE, [DOOR, ...more]);
    await Promise.all(more.map(({ id }) => keeper.save(id)));
    expect((await read()).cameras.map(({ id }) => id)).toEqual(['door', 'a', 'b', 'c']);
  });
});

describe('whether anything can be saved', () => {
  it('is told beforehand: no file, no rights, a file that is gone', async () => {
    expect(await new ConfigFile(null).unsavable()).toBe('mien was started without --config');
    const place = folder();
    const path = join(place, 'cameras.yaml');
    expect(await new ConfigFile(path).unsavable()).toBe('the configuration file cannot be written (ENOENT)');
    writeFileSync(path, FILE);
    expect(await new ConfigFile(path).unsavable()).toBeNull();
    chmodSync(path, 0o400);
    // Root may write anyway.
    const why = process.getuid?.() === 0 ? null : 'the configuration file cannot be written (EACCES)';
    expect(await new ConfigFile(path).unsavable()).toBe(why);
  });
});
