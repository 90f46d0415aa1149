import { createHash } from 'node:crypto';
import type { Holder } from './holder.js';

const PREFIX = '.mien-lock';
const NAME = /^\.mien-lock~([\w-]+)~([\w.-]+)~(\d+)~(\d+)~([0-9a-f]+)~(\d+)~[0-9a-f]+$/;
const WHOLE = 'folder';

/** What of a folder is held: all of it, or what goes by a name in it. */
const keyOf = (part: string | null): string =>
  part === null ? WHOLE : createHash('sha256').update(part).digest('hex').slice(0, 16);

/**
 * Name of an empty file that says who holds what. All is in the name: it is there whole or not at all, on a full disk
 * too, and with `nonce` it is never used twice, so that removing one never removes another's.
 */
export const lockName = (part: string | null, holder: Holder, nonce: string): string =>
  [PREFIX, keyOf(part), holder.host, holder.pid, holder.began, holder.boot, holder.space, nonce].join('~');

/** Who holds that of the folder, by the name of a file; null for one that says nothing of it. */
export function readLockName(name: string, part: string | null): Holder | null {
  const [, key, host, pid, began, boot, space] = NAME.exec(name) ?? [];
  if (key !== keyOf(part)) return null;
  return { host: host!, pid: Number(pid), began: began!, boot: boot!, space: space! };
}
