import { z } from 'zod';
import { CAMERA_ID, CAMERA_ID_WORDS } from '../domain/camera-id.js';
import { KEEP_FORMATS, KEPT_KINDS, type KeepSettings } from '../domain/keeping.js';
import { dataSize, duration, flag, folder, key, number, whole } from './keys.js';

const listOf = <const C extends readonly [string, ...string[]]>(choices: C, text: string) =>
  key(
    z
      .array(z.enum(choices))
      .min(1)
      .transform((chosen) => [...new Set(chosen)]),
    { accepts: `a list of ${choices.join(', ')}`, text },
  );

const pictures = z.strictObject({
  blur: flag('Make faces unrecognisable in pictures that rules keep.').default(true),
  before: duration({ least: '0s', most: '30s', text: 'A clip begins so long before its rule fired.' }).prefault('5s'),
  after: duration({ least: '1s', most: '1m', text: 'A clip ends so long after its rule fired.' }).prefault('5s'),
  maxFps: number({ least: 0.5, most: 15, text: 'Most pictures a second in a clip.' }).default(5),
  maxSidePx: whole({
    least: 64,
    most: 1920,
    text: 'Longer side of pictures that rules keep, in pixels; no more than preview.maxSidePx.',
  }).default(640),
});

/** `keep`: what is stored on disk (docs/keeping.md). */
export const keepSchema = z.strictObject({
  folder: folder(
    'Folder that results are stored in, of this installation alone; nothing is stored when left out. Relative to the configuration file.',
  ).optional(),
  what: listOf(KEPT_KINDS, 'What is stored of each camera; what rules keep of pictures comes besides.').prefault([
    ...KEPT_KINDS,
  ]),
  formats: listOf(
    KEEP_FORMATS,
    'Files that readings are stored in; the page and the REST interface show the past from jsonl.',
  ).prefault(['jsonl']),
  cameras: key(z.array(z.string().regex(CAMERA_ID)).min(1).max(256), {
    accepts: `a list of camera ids, each ${CAMERA_ID_WORDS}`,
    text: 'Only of these cameras; of every camera when left out.',
  }).optional(),
  partSize: dataSize({
    least: '64KiB',
    most: '1GiB',
    text: 'Size from which on the files of a camera’s day are ended and the next ones begun.',
  }).prefault('64MiB'),
  days: whole({
    least: 1,
    most: 3650,
    text: 'How many days are kept, today included: days of the machine’s time zone.',
  }).default(7),
  maxTotal: dataSize({
    least: '1MiB',
    most: '16384GiB',
    text: 'Most that is kept of everything; the oldest goes first.',
  }).prefault('10GiB'),
  minFree: dataSize({
    least: '0B',
    most: '1024GiB',
    text: 'Recording stops while the disk has less than this free.',
  }).prefault('512MiB'),
  pictures: pictures.describe('Snapshots and clips that rules keep.').prefault({}),
});

/** Null: nothing is stored. Pictures show no more than clients may see. */
export function toKeepSettings(
  parsed: z.output<typeof keepSchema>,
  preview: { readonly maxFps: number; readonly maxSidePx: number; readonly blurFaces: boolean },
): KeepSettings | null {
  const { folder, what, formats, cameras = null, partSize, days, maxTotal, minFree } = parsed;
  if (folder === undefined) return null;
  const { before, after, blur, maxFps, maxSidePx } = parsed.pictures;
  return {
    folder,
    what,
    formats,
    cameras,
    partBytes: partSize,
    days,
    maxBytes: maxTotal,
    minFreeBytes: minFree,
    pictures: {
      blur: blur || preview.blurFaces,
      beforeMs: before,
      afterMs: after,
      maxFps: Math.min(maxFps, preview.maxFps),
      maxSidePx: Math.min(maxSidePx, preview.maxSidePx),
    },
  };
}
