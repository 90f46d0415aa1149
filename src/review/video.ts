import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Results } from '../annotations/results.js';
import { readEaf } from '../elan/read-eaf.js';

/** Files that browsers play, by their ending, and the codecs that they play in them. */
const TYPES: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/mp4',
  '.webm': 'video/webm',
};
const CODECS = ['h264', 'vp8', 'vp9', 'av1'];

/** The video that results were measured in. */
export interface ReviewVideo {
  readonly path: string;
  readonly contentType: string;
  /** Why a browser cannot play it as it is; null where it can. */
  readonly unplayable: string | null;
}

/** The video at a path, as a browser sees it. */
export function videoAt(path: string, codec: string): ReviewVideo {
  const type = TYPES[extname(path).toLowerCase()];
  const unplayable =
    type === undefined
      ? `browsers do not play ${extname(path) || 'such'} files`
      : CODECS.includes(codec)
        ? null
        : `browsers do not play ${codec}`;
  return { path, contentType: type ?? 'application/octet-stream', unplayable };
}

/**
 * Finds the video of results: where it was named, where the ELAN file links it, beside the results, in the folders above them, or
 * where mien was started. Null when it is nowhere.
 */
export async function findVideo({ base, folder, run }: Results, named: string | null): Promise<string | null> {
  if (named !== null) return existsSync(named) ? resolve(named) : null;
  const linked = existsSync(`${base}.eaf`) ? await readEaf(`${base}.eaf`).catch(() => null) : null;
  const { fileName } = run.video;
  const up = (levels: number): string => resolve(folder, ...Array<string>(levels).fill('..'), fileName);
  const places = [
    linked?.mediaUrl?.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, ''),
    up(0),
    up(1),
    up(2),
    resolve(fileName),
  ];
  return places.find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** Where a copy for the browser goes, in a folder that is removed when the review ends. */
export const copyPath = (folder: string, index: number): string => resolve(folder, `${index}.mp4`);
