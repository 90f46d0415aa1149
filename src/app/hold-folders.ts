import { realpath } from 'node:fs/promises';
import type { ServeConfig } from '../config/serve-config.js';
import { AffectError } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import { type Held, hold } from '../holding/hold.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';
import type { Parts } from './parts.js';

/**
 * Takes the folders that this installation has to itself, until it is closed; nothing in them is read or changed before.
 * `onLost`: one was taken over. Throws FOLDER_IN_USE, OUTPUT_UNWRITABLE, or the reason of the signal.
 */
export async function holdFolders(
  { keep, webhooks }: Pick<ServeConfig, 'keep' | 'webhooks'>,
  parts: Parts,
  options: {
    readonly logger: Logger;
    readonly signal: AbortSignal;
    readonly onLost: (error: AffectError) => void;
  },
): Promise<void> {
  const folders = [
    ...(keep ? [{ key: 'keep.folder', folder: keep.folder }] : []),
    ...(webhooks.targets.length > 0 ? [{ key: 'webhooks.folder', folder: webhooks.folder }] : []),
  ];
  const mine = new Set<string>();
  for (const each of folders) {
    if (mine.has(await realpath(each.folder).catch(() => each.folder))) continue;
    parts.add(await holdOne(each, options), (held) => held.release());
    mine.add(await realpath(each.folder).catch(() => each.folder));
  }
}

async function holdOne(
  { key, folder }: { readonly key: string; readonly folder: string },
  { logger, signal, onLost }: Parameters<typeof holdFolders>[2],
): Promise<Held> {
  try {
    return await hold({
      folder,
      part: null,
      words: `${key} ${folder}`,
      otherwise: 'name another folder',
      clock: SYSTEM_CLOCK,
      signal,
      onWait: (line) => logger.warn(line),
      onLost,
    });
  } catch (error) {
    if (error instanceof AffectError) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AffectError('OUTPUT_UNWRITABLE', `${key} ${folder} cannot be used (${why}); name another`);
  }
}
