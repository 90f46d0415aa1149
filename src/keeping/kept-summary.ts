import type {
  KeepSettings,
  KeepState,
  KeptCamera,
  KeptDay,
  KeptPicture,
  KeptPictureKind,
  KeptRange,
  KeptSummary,
} from '../domain/keeping.js';
import type { KeptFile } from './kept-files.js';
import { dayStart } from './kept-names.js';

const bytesOf = (files: readonly { readonly bytes: number }[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

const count = (files: readonly KeptFile[], kind: KeptPictureKind): number =>
  files.filter(({ content }) => content.type === kind).length;

const dayOf = ([day, files]: [string, KeptFile[]]): KeptDay => ({
  day,
  fromMs: dayStart(day),
  toMs: dayStart(day, 1),
  files: files.length,
  bytes: bytesOf(files),
  snapshots: count(files, 'snapshot'),
  clips: count(files, 'clip'),
});

const cameraOf = ([source, files]: [string, KeptFile[]]): KeptCamera => ({
  source,
  files: files.length,
  bytes: bytesOf(files),
  days: groupedBy(files, ({ day }) => day).map(dayOf),
});

/** Pure: what is kept, by camera and day. */
export function summaryOf(
  files: readonly KeptFile[],
  { what, formats, days, maxBytes, pictures }: KeepSettings,
  state: KeepState,
): KeptSummary {
  const cameras = groupedBy(files, ({ source }) => source).map(cameraOf);
  const { blur } = pictures;
  return { state, what, formats, days, maxBytes, files: files.length, bytes: bytesOf(files), blur, cameras };
}

/** Pure: pictures whose rule fired in a range, newest first. */
export function picturesIn(files: readonly KeptFile[], { fromMs, toMs }: KeptRange): KeptPicture[] {
  const told = files.flatMap(({ source, day, name, content, startMs: atMs, bytes, writing }): KeptPicture[] => {
    const { type } = content;
    if (writing || (type !== 'snapshot' && type !== 'clip') || atMs < fromMs || atMs >= toMs) return [];
    return [{ source, kind: type, name: `${day}/${name}`, rule: content.rule, atMs, bytes }];
  });
  return told.sort((a, b) => b.atMs - a.atMs);
}
