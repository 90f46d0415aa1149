import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PYTHON } from '../support/python.js';
import { DEMO, runCli } from '../support/run-cli.js';
import { tempFolders } from '../support/temp-folder.js';

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: readonly string[];
    readonly outputs?: readonly { readonly data?: Readonly<Record<string, unknown>> }[];
  }[];
}
const FILE = 'examples/notebook/faces.ipynb';
const folder = tempFolders();

/** Not run where the packages for Python are not installed (scripts/test.mjs). */
it('the notebook runs from its first cell to its last, and is kept without outputs', async () => {
  const out = folder();
  const formats = ['--formats', 'jsonl,parquet'];
  const analysed = await runCli(['analyze', `${DEMO}step-smile.mp4`, ...formats, '--out', out]);
  expect(analysed.code, analysed.stderr).toBe(0);
  const { status, stderr } = spawnSync(
    PYTHON,
    ['-m', 'nbconvert', '--execute', '--to', 'notebook', '--output-dir', out, FILE],
    { encoding: 'utf8', env: { ...process.env, MIEN_RESULTS: out } },
  );
  expect(status, stderr).toBe(0);
  const { cells } = JSON.parse(readFileSync(join(out, 'faces.ipynb'), 'utf8')) as Notebook;
  const shown = cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data = {} }) => Object.entries(data)));
  expect(shown.filter(([type]) => type === 'image/png')).toHaveLength(1);
  const text = shown.flatMap(([type, value]) => (type === 'text/plain' ? [String(value)] : [])).join('\n');
  expect(text).toContain('1 videos');
  expect(text).toContain('happiness');
  const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Notebook;
  expect(kept.cells.flatMap(({ outputs = [] }) => outputs)).toEqual([]);
});
