import { lstat, readlink } from 'node:fs/promises';
import { AffectError } from '../domain/errors.js';

/** Why the system would not open a path, and what to do; by its error code. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; check the path',
  ENOTDIR: 'no such file: part of the path is a file, not a folder; check the path',
  EACCES: 'cannot be read; check its permissions and those of its folders',
  EPERM: 'cannot be read; check its permissions and those of its folders',
  ELOOP: 'is a link that points back to itself; fix it or name the file directly',
  ENAMETOOLONG: 'no such file: the name is longer than this system allows; check the path',
};

/** What the error of the system says of this path, for a person: INPUT_NOT_FOUND. A link that leads nowhere is named. */
export async function unreadable(path: string, cause: unknown): Promise<AffectError> {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  const target = code === 'ENOENT' ? await brokenLink(path) : null;
  const why = WORDS[code] ?? `cannot be read (${code}); check the disk it is on`;
  const words =
    target === null ? why : `is a link to ${target}, which does not exist; fix it or name the file directly`;
  return new AffectError('INPUT_NOT_FOUND', `${path}: ${words}`, { cause });
}

/** Where a link that cannot be followed leads; null for anything else. */
async function brokenLink(path: string): Promise<string | null> {
  const facts = await lstat(path).catch(() => null); // Not there at all.
  return facts?.isSymbolicLink() ? await readlink(path).catch(() => 'an unreadable target') : null;
}
