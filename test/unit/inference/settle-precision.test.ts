import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/domain/device.js';
import { MODEL_IDS } from '../../../src/domain/model-size.js';
import type { PrecisionChoice } from '../../../src/domain/precision.js';
import { cacheFolder, machineNotes } from '../../../src/inference/machine-notes.js';
import { type PrecisionTrial, settlePrecision } from '../../../src/inference/settle-precision.js';
import { findModels, inIntegers, type ReadyModel } from '../../../src/models/registry.js';
import { verifyVector } from '../../../src/models/verify-vector.js';
import { tempFolders } from '../../support/temp-folder.js';

const tempFolder = tempFolders();
const [mesh, large, small] = findModels(['face-mesh', ...Object.values(MODEL_IDS)]);
const models = [mesh!, large!];
const right = (floatMs: number, int8Ms: number): PrecisionTrial => ({ problem: null, floatMs, int8Ms });
const FAST = right(6, 2);
const WRONG: PrecisionTrial = { problem: 'model mien-affect fails', floatMs: 0, int8Ms: 0 };

/** What is settled, and how often a trial was needed. */
async function settled(
  asked: PrecisionChoice,
  trial: PrecisionTrial | null,
  more: { device?: Device; folder?: string; models?: readonly ReadyModel[] } = {},
) {
  const tried: unknown[] = [];
  const notes = machineNotes('precision', more.folder ?? tempFolder());
  const { used, problem } = await settlePrecision(asked, more.device ?? 'cpu', more.models ?? models, {
    notes,
    trial: async (ids) => {
      tried.push(ids);
      return trial;
    },
  });
  return { used, problem, trials: tried.length };
}

describe('settlePrecision', () => {
  it.each([
    ['float', FAST, 'float', 0],
    ['auto', FAST, 'int8', 1],
    ['auto', right(6, 5.5), 'float', 1],
    ['auto', WRONG, 'float', 1],
    ['auto', null, 'float', 1],
    ['int8', right(6, 9), 'int8', 1],
  ] as const)('%s with the trial %j is %s', async (asked, trial, used, trials) => {
    expect(await settled(asked, trial)).toEqual({ used, problem: null, trials });
  });

  it('says why int8 was asked for in vain', async () => {
    const words = 'models run in float, not in int8: ';
    expect(await settled('int8', WRONG)).toMatchObject({ used: 'float', problem: `${words}model mien-affect fails` });
    expect(await settled('int8', null)).toMatchObject({ used: 'float', problem: `${words}trying it failed` });
    const cuda = { used: 'float', problem: `${words}integers are for the processor, not cuda`, trials: 0 };
    expect(await settled('int8', FAST, { device: 'cuda' })).toEqual(cuda);
    expect(await settled('auto', FAST, { device: 'cuda' })).toEqual({ ...cuda, problem: null });
  });

  it('tries once per machine; a note that is damaged or of something else is made again', async () => {
    const folder = tempFolder();
    expect(await settled('auto', FAST, { folder })).toMatchObject({ used: 'int8', trials: 1 });
    expect(await settled('auto', right(6, 9), { folder })).toMatchObject({ used: 'int8', trials: 0 });
    const path = join(folder, 'precision.json');
    const [{ key }] = JSON.parse(readFileSync(path, 'utf8')) as [{ key: string }];
    for (const text of [
      '[{"key"',
      'null',
      '[null]',
      JSON.stringify({ key, value: FAST }),
      JSON.stringify([{ key: 'other', value: FAST }]),
      JSON.stringify([{ key, value: { floatMs: 6 } }]),
    ]) {
      writeFileSync(path, text);
      expect(await settled('auto', right(6, 9), { folder })).toMatchObject({ used: 'float', trials: 1 });
    }
  });

  it('keeps an answer of each size of the model, and no more than a few', async () => {
    const folder = tempFolder();
    const [ofLarge, ofSmall] = [{ folder }, { folder, models: [mesh!, small!] }];
    expect(await settled('auto', FAST, ofLarge)).toMatchObject({ used: 'int8', trials: 1 });
    expect(await settled('auto', right(6, 6), ofSmall)).toMatchObject({ used: 'float', trials: 1 });
    expect(await settled('auto', null, ofLarge)).toMatchObject({ used: 'int8', trials: 0 });
    expect(await settled('auto', null, ofSmall)).toMatchObject({ used: 'float', trials: 0 });
    const notes = machineNotes('many', folder);
    for (let at = 0; at < 20; at++) notes.write(`key ${at}`, at);
    notes.write('key 19', 'again');
    expect(['key 11', 'key 12', 'key 19'].map((key) => notes.read(key))).toEqual([undefined, 12, 'again']);
  });

  it('works where nothing can be kept, and does not keep a trial that failed', async () => {
    const folder = join(tempFolder(), 'file');
    writeFileSync(folder, '');
    expect(await settled('auto', FAST, { folder })).toMatchObject({ used: 'int8', trials: 1 });
    const empty = tempFolder();
    mkdirSync(empty, { recursive: true });
    await settled('auto', null, { folder: empty });
    expect(await settled('auto', FAST, { folder: empty })).toMatchObject({ used: 'int8', trials: 1 });
  });
});

it.each([large!, small!].map((model) => [model.id, model] as const))(
  'the form of %s in integers is the one recorded, or this processor is told not to use it',
  async (_id, each) => {
    const [model] = inIntegers([each]);
    expect(model).toMatchObject({ precision: 'int8' });
    const outcome = await verifyVector(model!).catch((error: Error) => error.message);
    const asked = await settlePrecision('int8', 'cpu', [each], { notes: machineNotes('precision', tempFolder()) });
    expect(asked.used).toBe(typeof outcome === 'number' ? 'int8' : 'float');
  },
);

it('keeps notes where the system wants them', () => {
  expect(cacheFolder({}, 'linux', '/home/a')).toBe(join('/home/a', '.cache', 'mien'));
  expect(cacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux', '/home/a')).toBe(join('/c', 'mien'));
  expect(cacheFolder({}, 'darwin', '/Users/a')).toBe(join('/Users/a', 'Library', 'Caches', 'mien'));
  expect(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32', '/a')).toBe(join('/l', 'mien'));
});
