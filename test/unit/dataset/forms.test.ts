import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { FORMS, type FormName } from '../../../src/dataset/forms.js';
import { DATA_SETS, writeFiles } from '../../support/dataset-world.js';
import { runInProcess } from '../../support/run-in-process.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
afterEach(() => {
  vi.restoreAllMocks();
});

/** Text with exactly one picture in it, at its beginning. */
const withPicture = z.string().refine((text) => text.startsWith('<image>') && text.split('<image>').length === 2);
const plain = z
  .string()
  .min(1)
  .refine((text) => !text.includes('<image>'));
const absolute = z.string().startsWith('/');
const turn = <Role extends string>(role: Role, content: z.ZodType<string>) =>
  z.strictObject({ role: z.literal(role), content });
const messages = z.tuple([turn('user', withPicture), turn('assistant', plain)]);

/** Each framework's form, as its documents describe it; nothing else may be in it. */
const SCHEMAS: Readonly<Record<FormName, z.ZodType>> = {
  llava: z.strictObject({
    id: z.string().min(1),
    image: z.string().refine((path) => !path.startsWith('/')),
    conversations: z.tuple([
      z.strictObject({ from: z.literal('human'), value: withPicture }),
      z.strictObject({ from: z.literal('gpt'), value: plain }),
    ]),
    landmark: z.string().optional(),
  }),
  llamafactory: z.strictObject({ messages, images: z.tuple([absolute]) }),
  swift: z.strictObject({ messages, images: z.tuple([absolute]), solution: z.string() }),
  trl: z.strictObject({
    prompt: z.tuple([turn('user', plain)]),
    completion: z.tuple([turn('assistant', plain)]),
    images: z.tuple([absolute]),
    solution: z.string(),
  }),
};

async function written(form: FormName, from: 'csv' | 'faba-instruct') {
  const dir = folder();
  writeFiles(dir, DATA_SETS[from]);
  const labels = from === 'csv' ? join(dir, 'list.csv') : dir;
  const { code, err } = await runInProcess(
    'dataset',
    'convert',
    labels,
    '--from',
    from,
    '--to',
    form,
    '-o',
    join(dir, 'out'),
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const text = (name: string) => readFileSync(join(dir, 'out', name), 'utf8');
  const lines = ['swift', 'trl'].includes(form);
  const records = (part: string): unknown[] =>
    lines
      ? text(`${from}-${part}.jsonl`)
          .trimEnd()
          .split('\n')
          .map((line): unknown => JSON.parse(line))
      : (JSON.parse(text(`${from}-${part}.json`)) as unknown[]);
  return { dir, text, records };
}

describe.each(FORMS)('%s', (form) => {
  it.each(['csv', 'faba-instruct'] as const)('%s: every record has the published form', async (from) => {
    const { records } = await written(form, from);
    const all = [...records('train'), ...records('test')];
    expect(all.length).toBeGreaterThan(2);
    for (const record of all) SCHEMAS[form].parse(record);
  });
});

it('LLaVA’s records name the file of the facial prior, and have ids of their own', async () => {
  const { records } = await written('llava', 'faba-instruct');
  const train = records('train') as { id: string; landmark: string }[];
  expect(train[0]!.landmark).toBe('FABAInstruct/train/landmarks/emotion.npy');
  expect(new Set(train.map(({ id }) => id)).size).toBe(train.length);
});

it('LLaMA-Factory’s index names each file with its columns and roles', async () => {
  const { text } = await written('llamafactory', 'csv');
  const entry = (file: string) => ({
    file_name: file,
    formatting: 'sharegpt',
    columns: { messages: 'messages', images: 'images' },
    tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant' },
  });
  expect(JSON.parse(text('dataset_info.json'))).toEqual({
    csv_train: entry('csv-train.json'),
    csv_test: entry('csv-test.json'),
  });
});

it('the report says what was made of what', async () => {
  const { dir, text } = await written('swift', 'csv');
  expect(JSON.parse(text('csv.dataset.json'))).toMatchObject({
    schema: 'mien-dataset/1',
    from: { title: 'list', labels: [join(dir, 'list.csv')], images: dir },
    form: 'swift',
    tasks: ['emotion', 'compound', 'units', 'affect', 'aligned'],
    units: ['1', '12'],
    seed: 1,
    counts: { faces: 2, sampled: 2, missing: 0, unlabelled: 0 },
    parts: {
      train: { exchanges: 6, pictures: 1, subjects: 1, labels: { happiness: 1, AU12: 1 } },
      test: { exchanges: 1, pictures: 1, subjects: 1, labels: { 'sadly angry': 1 } },
    },
  });
});
