import { vi } from 'vitest';
import { runCli } from '../../src/cli/cli.js';

/** Runs the command line in this process; its exit code and what it wrote. Whoever calls it restores the mocks. */
export async function runInProcess(...argv: readonly string[]) {
  const written = { out: '', err: '' };
  const keep =
    (stream: 'out' | 'err') =>
    (text: unknown): true => {
      written[stream] += String(text);
      return true;
    };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  vi.spyOn(console, 'error').mockImplementation((line) => void keep('err')(`${line}\n`));
  return { code: await runCli(argv), ...written };
}
