import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FormName } from '../../src/dataset/forms.js';
import { drawPicture } from '../support/benchmark-world.js';
import { runInProcess } from '../support/run-in-process.js';
import { tempFolders } from '../support/temp-folder.js';

const script = fileURLToPath(new URL('../reference/load_datasets.py', import.meta.url));
/** A Python that has the frameworks: they are large, and no part of mien. */
const python = process.env.MIEN_TRAINING_PYTHON;
/** What the script ends with where the framework cannot be imported. */
const NOT_HERE = 77;

const folder = tempFolders();
afterEach(() => {
  vi.restoreAllMocks();
});

interface Loaded {
  readonly loader: string;
  readonly rows: number;
  readonly first: unknown;
}

async function load(form: FormName, dir: string, name: string): Promise<Loaded | null> {
  try {
    const { stdout } = await promisify(execFile)(python!, [script, form, dir, name]);
    return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Loaded;
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_HERE) return null;
    throw error;
  }
}

describe.skipIf(!python)('each framework’s own loader (needs MIEN_TRAINING_PYTHON, a Python that has them)', () => {
  it.for([
    ['llava', 'csv-train.json'],
    ['trl', 'csv-train.jsonl'],
    ['llamafactory', 'csv_train'],
    ['swift', 'csv-train.jsonl'],
  ] as const satisfies readonly (readonly [FormName, string])[])(
    '%s loads what was written',
    { timeout: 300_000 },
    async ([form, name], context) => {
      const dir = folder();
      for (const picture of ['a.png', 'b.png']) await drawPicture(dir, picture, 90);
      writeFileSync(join(dir, 'list.csv'), 'image,label,AU12\na.png,happy,1\nb.png,sad,0\n');
      const out = join(dir, 'out');
      const made = await runInProcess(
        'dataset',
        'convert',
        join(dir, 'list.csv'),
        '--from',
        'csv',
        '--to',
        form,
        '-o',
        out,
      );
      expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: '' });
      vi.restoreAllMocks();
      const loaded = await load(form, out, name);
      if (loaded === null) return context.skip(`${python} cannot import it`);
      expect(loaded.rows).toBe(4);
      expect(JSON.stringify(loaded.first)).toContain('happiness');
    },
  );
});
