import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig, loadConfig } from '../../../src/config/load.js';
import { NOTICE_LANGUAGES } from '../../../src/config/notice.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

/** A configuration file with what is given. */
function written(more: object): string {
  const file = join(folder(), 'cameras.yaml');
  writeFileSync(file, JSON.stringify({ purpose: 'testing', ...more })); // JSON is YAML.
  return file;
}
const load = (more: object) => loadConfig({ file: written(more), env: {} });
const problems = async (more: object): Promise<string[]> =>
  (await checkConfig({ file: written(more), env: {} })).problems.map(({ key, text }) => `${key}: ${text}`);
const rule = (...actions: readonly object[]) => ({ id: 'crowd', when: { type: 'faces', least: 2 }, do: actions });

describe('keep', () => {
  it('is off without a folder', async () => {
    expect((await load({})).keep).toBeNull();
    expect((await load({ keep: { days: 3 } })).keep).toBeNull();
  });

  it('has a folder beside the configuration file, and defaults that keep a week of JSON', async () => {
    const file = written({ keep: { folder: 'kept' } });
    const { keep } = await loadConfig({ file, env: {} });
    expect(keep).toEqual({
      folder: join(file, '../kept'),
      what: ['readings', 'episodes', 'insights', 'rules'],
      formats: ['jsonl'],
      cameras: null,
      partBytes: 64 * 2 ** 20,
      days: 7,
      maxBytes: 10 * 2 ** 30,
      minFreeBytes: 512 * 2 ** 20,
      pictures: { blur: true, beforeMs: 5_000, afterMs: 5_000, maxFps: 5, maxSidePx: 640 },
    });
  });

  it('names everything that is wrong at once', async () => {
    const found = await problems({
      keep: { folder: 'kept', what: ['rules'], formats: ['csv', 'parquet'], pictures: { before: '1s' } },
      preview: { enabled: false },
      rules: [rule({ type: 'log' }, { type: 'snapshot' }, { type: 'record' })],
    });
    expect(found).toEqual([
      'keep.formats: csv and parquet hold readings, which keep.what leaves out; add them there, or use jsonl alone',
      'rules[0].do[1].type: snapshot stores pictures, which preview.enabled: false rules out; switch it on',
      'rules[0].do[2].type: record stores pictures, which preview.enabled: false rules out; switch it on',
    ]);
    expect(await problems({ rules: [rule({ type: 'snapshot' })] })).toEqual([
      'rules[0].do[0].type: snapshot needs keep.folder to store pictures in',
    ]);
    expect(await problems({ keep: { folder: 'kept', days: 0, what: [], partSize: '1B' } })).toHaveLength(3);
  });
});

describe('the notice', () => {
  it('says what is stored, for how long, and whether faces in pictures can be known', async () => {
    const text = async (more: object): Promise<string> => (await load(more)).notice.text;
    const keep = { folder: 'kept' };
    const rules = [rule({ type: 'snapshot' })];
    expect(await text({})).toContain('stores no pictures');
    expect(await text({})).not.toContain('disk');
    expect(await text({ keep })).toMatch(/stores no pictures.* stored on disk for up to 7 days\.$/);
    expect(await text({ keep: { ...keep, days: 1 } })).toMatch(/up to 1 day\.$/);
    const pictures = await text({ keep, rules });
    expect(pictures).not.toContain('stores no pictures');
    expect(pictures).toMatch(
      /Pictures around some events are stored likewise\. Faces in them are made unrecognisable\.$/,
    );
    const shown = { ...keep, pictures: { blur: false } };
    expect(await text({ keep: shown, rules })).not.toContain('unrecognisable');
    expect(await text({ keep: shown, rules, preview: { blurFaces: true } })).toContain('unrecognisable');
  });

  it.each(NOTICE_LANGUAGES)('in %s denies no pictures where there are some', async (language) => {
    const notice = { language };
    const rules = [rule({ type: 'record' })];
    const none = (await load({ notice, keep: { folder: 'kept' } })).notice.text;
    const some = (await load({ notice, keep: { folder: 'kept' }, rules })).notice.text;
    expect(some.startsWith(none.slice(0, 60))).toBe(true);
    expect(some.includes(none)).toBe(false);
    expect(some).not.toContain('$');
  });
});
