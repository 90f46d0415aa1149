import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Layer, Problem } from './layers.js';
import { yamlLayer } from './yaml-layer.js';

const MAX_FILE_BYTES = 1024 * 1024;
/** Why a file cannot be read, by the code of the system. */
export const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

/**
 * Settings of a YAML file; what cannot be read is among the problems.
 *
 * @param baseDir - folder that relative paths of a configuration start from; null leaves them as they are
 */
export async function readLayer(
  path: string,
  shownAs = path,
  baseDir: string | null = dirname(resolve(path)),
): Promise<{ readonly layer: Layer; readonly problems: readonly Problem[] }> {
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) throw new RangeError('it is larger than 1 MiB');
    const text = await readFile(path, 'utf8');
    return yamlLayer(text, { file: shownAs, baseDir });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const reason = error instanceof RangeError ? error.message : (READ_PROBLEMS[code] ?? code);
    const problem = { where: shownAs, key: 'file', text: `cannot be read (${reason})` };
    return { layer: { value: {}, locate: () => undefined }, problems: [problem] };
  }
}
