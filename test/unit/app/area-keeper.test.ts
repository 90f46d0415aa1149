import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAreaKeeper } from '../../../src/app/area-keeper.js';
import { ConfigFile } from '../../../src/app/config-file.js';
import { readAreas } from '../../../src/config/areas-file.js';
import type { Area, Areas } from '../../../src/domain/areas.js';
import { AffectError } from '../../../src/domain/errors.js';
import { tempFolders } from '../../support/temp-folder.js';

const tempFolder = tempFolders();
const areaOf = (name: string, x = 0): Area => ({
  name,
  points: [
    [x, 0],
    [1, 0],
    [1, 1],
  ],
});
const FILE = 'cameras:\n  - id: door # the front door\n    type: push\n';

function setUp(text = FILE) {
  const file = join(tempFolder(), 'cameras.yaml');
  writeFileSync(file, text, { mode: 0o640 });
  const inForce: Areas[] = [];
  return { file, inForce, cameras: { setAreas: (_: string, areas: Areas) => void inForce.push(areas) } };
}

describe('createAreaKeeper', () => {
  it('puts areas in force and into the file, rounded alike, with its rights and through its link', async () => {
    const { file, inForce, cameras } = setUp();
    const link = join(tempFolder(), 'link.yaml');
    symlinkSync(file, link);
    const kept = await createAreaKeeper(new ConfigFile(link), cameras)('door', {
      masks: [areaOf('street', 0.123456)],
      zones: [],
    });
    const areas = { masks: [areaOf('street', 0.1235)], zones: [] };
    expect(kept).toEqual({ ...areas, unsaved: null });
    expect(inForce).toEqual([areas]);
    expect(readAreas(readFileSync(file, 'utf8'), { file, camera: 'door' }).areas).toEqual(areas);
    expect(readFileSync(file, 'utf8')).toContain('# the front door');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('writes changes that come at once one after the other', async () => {
    const { file, cameras } = setUp();
    const keep = createAreaKeeper(new ConfigFile(file), cameras);
    const names = ['a', 'b', 'c'];
    await Promise.all(names.map((name) => keep('door', { masks: [], zones: [areaOf(name)] })));
    expect(readAreas(readFileSync(file, 'utf8'), { file, camera: 'door' }).areas.zones[0]!.name).toBe('c');
  });

  it('does not write what would make the file one that cannot be read', async () => {
    const { file, inForce, cameras } = setUp();
    const kept = await createAreaKeeper(
      new ConfigFile(file),
      cameras,
      undefined,
      () => 'rule a waits',
    )('door', {
      masks: [],
      zones: [],
    });
    expect(kept.unsaved).toBe('rule a waits');
    expect(inForce).toHaveLength(1);
    expect(readFileSync(file, 'utf8')).toBe(FILE);
  });

  it.each([
    [null, 'mien was started without --config'],
    ['purpose: art\n', 'this camera is not in the configuration file'],
  ])('says why areas in force are not saved: %j', async (text, why) => {
    const { file, inForce, cameras } = setUp(text ?? '');
    const kept = await createAreaKeeper(new ConfigFile(text === null ? null : file), cameras)('door', {
      masks: [],
      zones: [],
    });
    expect(kept.unsaved).toBe(why);
    expect(inForce).toHaveLength(1);
  });

  it('says so when the file is gone', async () => {
    const { file, cameras } = setUp();
    const kept = await createAreaKeeper(new ConfigFile(`${file}.gone`), cameras)('door', { masks: [], zones: [] });
    expect(kept.unsaved).toBe('the configuration file cannot be written (ENOENT)');
  });

  it('writes nothing for a camera that there is not', async () => {
    const { file } = setUp();
    const cameras = {
      setAreas: () => {
        throw new AffectError('CAMERA_UNKNOWN', 'there is no camera door');
      },
    };
    await expect(
      createAreaKeeper(new ConfigFile(file), cameras)('door', { masks: [areaOf('a')], zones: [] }),
    ).rejects.toMatchObject({
      code: 'CAMERA_UNKNOWN',
    });
    expect(readFileSync(file, 'utf8')).toBe(FILE);
  });
});
