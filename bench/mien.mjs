// mien as its users run it: the command in a process of its own, and its records file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { owned } from './work-folder.mjs';

export const root = dirname(import.meta.dirname);

/** Arguments of mien for a size of the model; undefined: its default. */
export const modelArguments = (model) => (model ? ['--model', model] : []);

/** Starts `mien analyze` with every format; `child` is for sampling, `done` resolves to its statistics. */
export function startMien({ paths, out, more = [] }) {
  const stats = join(out, 'stats.json');
  const args = ['analyze', ...paths, '--out', out, '--overwrite', '--formats', 'all', '--stats', stats, ...more];
  const started = performance.now();
  const child = owned(
    spawn(process.execPath, [join(root, 'dist', 'main.js'), ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const done = once(child, 'exit').then(([code, signal]) => {
    if (code !== 0) throw new Error(`mien ended with ${signal ?? `exit code ${code}`}; see above`);
    return { ...JSON.parse(readFileSync(stats, 'utf8')), processSeconds: (performance.now() - started) / 1000 };
  });
  return { child, done };
}

/** The records of one clip, one by one. */
export async function* recordsOf(out, name) {
  const input = createReadStream(join(out, name, `${name}.records.jsonl`));
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') yield JSON.parse(line);
  }
}
