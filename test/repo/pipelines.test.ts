import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, presetNames } from '../../src/config/load.js';
import { noticeTemplate } from '../../src/config/notice.js';
import { configJsonSchema } from '../../src/config/print-config.js';
import { PURPOSES, RESTRICTED_PURPOSES } from '../../src/config/responsible-use.js';
import { isRecord, valueAt } from '../../src/config/schema-walk.js';
import { studyJsonSchema } from '../../src/study/study-schema.js';
import { configKeys, configTable } from '../support/config-keys.js';

const folder = fileURLToPath(new URL('../../pipelines/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');
const env = { MIEN_PURPOSE: 'testing', MIEN_RTSP_URL: 'rtsp://camera.invalid/1', MIEN_FILE: 'clip.mp4' };

describe('presets', () => {
  it('are those that the descriptions name', () => {
    expect(presetNames()).toEqual(['file', 'rtsp-cpu', 'rtsp-gpu-mllm', 'webcam']);
    const { text } = configKeys().find(({ path }) => path === 'preset')!;
    for (const name of presetNames()) expect(text).toContain(name);
  });

  it.each(presetNames())('%s parses and has a camera', async (preset) => {
    const { cameras } = await loadConfig({ preset, env });
    expect(cameras).toHaveLength(1);
  });

  it.each(presetNames())('%s states no purpose: that is for the operator to say', async (preset) => {
    const load = loadConfig({ preset, env: { ...env, MIEN_PURPOSE: '' } });
    await expect(load).rejects.toMatchObject({ code: 'PURPOSE_REFUSED' });
  });
});

describe('schema for editors', () => {
  const schema = JSON.parse(read('schema.json')) as object;

  it('is fresh (node dist/main.js config schema > pipelines/schema.json, then npm run format)', () => {
    expect(schema).toEqual(JSON.parse(configJsonSchema()));
  });

  it.each(files)('%s names it in its first line, and conforms to it', (name) => {
    const [first] = read(name).split('\n');
    expect(first).toBe('# yaml-language-server: $schema=schema.json');
    const validate = new Ajv({ allErrors: true }).compile(schema);
    validate(parse(read(name)));
    expect(validate.errors ?? []).toEqual([]);
  });
});

describe('schema of study files for editors', () => {
  it('is fresh (node dist/main.js study schema > pipelines/study.schema.json, then npm run format)', () => {
    expect(JSON.parse(read('study.schema.json'))).toEqual(JSON.parse(studyJsonSchema()));
  });
});

describe('reference.yaml', () => {
  const text = read('reference.yaml');
  const reference: unknown = parse(text);
  /** A value at a dotted path; of a list of groups, that of the first element that has it (of the type in brackets). */
  const find = (path: string): unknown => {
    const steps = path.split('.');
    const walk = (at: unknown, index: number): unknown => {
      const [, name = '', , tag = ''] = /^([\w-]+)(\[([\w-]*)\])?$/.exec(steps[index] ?? '') ?? [];
      if (name === '') return at;
      const next = valueAt(at, [name]);
      if (!steps[index]!.endsWith(']')) return walk(next, index + 1);
      const items = (Array.isArray(next) ? next : [next]) as readonly unknown[];
      const ofTag = items.filter((item) => isRecord(item) && (tag === '' || item.type === tag));
      return ofTag.map((item) => walk(item, index + 1)).find((found) => found !== undefined);
    };
    return walk(reference, 0);
  };
  const keys = configKeys();
  const inCommentsOnly = ['preset', 'purposeStatement'];
  /** Of two ways to give a secret, one is shown in a comment. */
  const otherWay = ['mqtt.password', 'cluster.secret', 'cluster.key'].map((secret) => `${secret}.file`);
  /** Keys every camera may have are shown with the first camera. */
  const shownOnce = /^cameras\[(?!rtsp)\w+\]\.(name|maxSidePx|maxFps|minFacePx|rotate|decode|masks|zones)$/;

  it.each(keys.map(({ path }) => path))('has %s', (path) => {
    if (inCommentsOnly.includes(path)) expect(text).toMatch(new RegExp(`^# ${path}: \\S`, 'm'));
    else if (otherWay.includes(path)) expect(text).toContain(`# file: secrets/${path.replace('.file', '')}\n`);
    else if (!shownOnce.test(path)) expect(find(path), path).toBeDefined();
  });

  it.each(keys.filter(({ initial, isGroupList }) => initial !== undefined && !isGroupList))(
    '$path is the default, $initial',
    ({ path, initial }) => expect(find(path)).toEqual(initial),
  );

  it('shows the defaults of what a camera and the notice leave out', () => {
    const defaults = valueAt(reference, ['defaults']);
    expect(valueAt(reference, ['cameras', 0])).toMatchObject(isRecord(defaults) ? defaults : { none: true });
    expect(find('notice.text')).toBe(noticeTemplate('en'));
  });

  it('has a comment above, or in the group of, every key', () => {
    const lines = text.split('\n');
    const bare = lines.filter(
      (line, index) => /^\w+:/.test(line) && !/^#/.test(lines[index - 1] ?? '') && line !== 'server:',
    );
    expect(bare).toEqual([]);
  });

  it('loads once its secrets are there', async () => {
    const config = await loadConfig({ file: `${folder}reference.yaml`, env: {}, secrets: 'skip' });
    expect(config.cameras.map(({ input }) => input.type)).toEqual(['rtsp', 'http', 'webcam', 'file', 'push']);
  });
});

describe('docs/responsible-use.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/responsible-use.md', import.meta.url)), 'utf8');

  it('lists every purpose with its meaning', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (?:refused without a medical or safety statement: )?(.*) \|$/gm)];
    expect(rows.map(([, word, meaning]) => [word, meaning])).toEqual(
      Object.entries({ ...PURPOSES, ...RESTRICTED_PURPOSES }),
    );
  });

  it('shows the notice as it is built in', () => expect(page).toContain(`> ${noticeTemplate('en')}\n`));
});

describe('docs/configuration.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/configuration.md', import.meta.url)), 'utf8');

  it('has the table of every key with default, range and meaning', () => {
    expect(page).toContain(configTable());
  });

  it('every key has words for what it accepts and means', () => {
    for (const { path, accepts, text } of configKeys()) {
      expect(accepts, path).not.toBe('');
      expect(text, path).not.toBe('');
    }
  });
});
