import { counted } from '../domain/counted.js';
import type { ClockRepair } from './clock-rule.js';
import type { VideoPacket } from './ffprobe.js';

/** How near two times of one packet are, seconds. */
const SAME_SECONDS = 2e-6;
/** Longest run of pictures that are shown before the key frame they follow in the file. */
const MAX_LEADING = 16;
/** A file may end this much before the end that it declares. */
export const MAX_SHORTFALL_SECONDS = 0.5;

/** Pictures of a stream by its packets: those before the first that could be decoded, and the rest with that one. */
export interface PictureCount {
  readonly before: number;
  readonly from: number;
}

/**
 * Pure: counts a stream's pictures. A stream that begins inside a group of pictures loses those before its first key frame,
 * and those shown before it: nobody can decode them. Packets that the container marks as not to be shown do not count.
 *
 * @param firstSeconds - PTS of the first picture that was decoded, in the source's own clock
 */
export function countPictures(packets: readonly VideoPacket[], firstSeconds: number): PictureCount {
  const shown = packets.filter(({ discarded }) => !discarded);
  const at = shown.findIndex(
    ({ ptsSeconds }) => ptsSeconds !== null && Math.abs(ptsSeconds - firstSeconds) <= SAME_SECONDS,
  );
  const first = Math.max(0, at);
  const leading = shown
    .slice(first + 1, first + 1 + MAX_LEADING)
    .filter(({ ptsSeconds }) => ptsSeconds !== null && ptsSeconds < firstSeconds - SAME_SECONDS).length;
  return { before: first + leading, from: shown.length - first - leading };
}

/** Facts of a run that ffmpeg ended by itself. */
export interface DecodeFacts {
  /** Lines in which ffmpeg complained of the input. */
  readonly complaints: number;
  /** Pictures that were delivered but had to be patched. */
  readonly brokenPictures: number;
  /** Pictures decoded. */
  readonly decodedPictures: number | null;
  /** Pictures in the file; null when they were not, or cannot be, counted. */
  readonly pictures: PictureCount | null;
  /** A recording of this format may be cut anywhere: it declares no end. */
  readonly undeclaredEnd: boolean;
  /** Nothing in the file reaches the end that it declares. */
  readonly endsEarly: boolean;
}

export interface DecodeVerdict {
  /** What was lost; null for a file that is whole. */
  readonly damage: string | null;
  readonly notes: readonly string[];
}

/**
 * Pure: damage is lost pictures, not a complaint of the decoder. A picture is lost when it lies after the first that could
 * be decoded and was not delivered, or only patched. One may be, where the format declares no end: its last is often cut.
 */
export function judgeDecode(facts: DecodeFacts): DecodeVerdict {
  const { pictures, decodedPictures, brokenPictures, complaints } = facts;
  const missing = pictures && decodedPictures !== null ? Math.max(0, pictures.from - decodedPictures) : 0;
  const lost = missing + brokenPictures;
  const notes: string[] = [];
  if (pictures && pictures.before > 0)
    notes.push(
      `it begins inside a group of pictures: ${counted(pictures.before, 'picture', 'pictures')} before the first whole one cannot be decoded`,
    );
  if (facts.endsEarly) return { damage: 'it ends before the time its header declares', notes };
  if (lost > (facts.undeclaredEnd ? 1 : 0))
    return { damage: `${counted(lost, 'picture is', 'pictures are')} missing or broken`, notes };
  if (lost > 0) notes.push('1 picture is cut off');
  else if (complaints > 0 && notes.length === 0)
    notes.push(`the decoder complained ${counted(complaints, 'time', 'times')}, but every picture was read`);
  return { damage: null, notes };
}

/** Pure: one line for what was repaired of the clock, and one for sizes. */
export function repairNotes(
  log: { repaired(repair: ClockRepair): number; readonly sizes: readonly string[] },
  { aspectKept }: { readonly aspectKept: boolean },
): string[] {
  const says: readonly (readonly [ClockRepair, string])[] = [
    ['fall', 'fell back'],
    ['leap', 'leapt ahead'],
    ['tie', 'stood still'],
    ['missing', 'was missing'],
  ];
  const parts = says
    .filter(([repair]) => log.repaired(repair) > 0)
    .map(([repair, words]) => `${words} ${counted(log.repaired(repair), 'time', 'times')}`);
  const notes = parts.length > 0 ? [`its clock ${parts.join(', ')}; time runs on`] : [];
  if (log.sizes.length > 1) {
    const [first, ...later] = log.sizes;
    const shown = later.length > 3 ? `${later.slice(0, 3).join(', ')} and ${later.length - 3} more` : later.join(', ');
    notes.push(
      `the picture size changes from ${first} to ${shown}; later sizes are ${aspectKept ? 'fitted' : 'squeezed'} into the first`,
    );
  }
  return notes;
}

/** Pure: true when no packet, of the picture or beside it, reaches the declared end. */
export function fallsShort(facts: {
  readonly declaredEndSeconds: number;
  readonly lastEndSeconds: number | null;
}): boolean {
  const { declaredEndSeconds, lastEndSeconds } = facts;
  return lastEndSeconds === null || lastEndSeconds < declaredEndSeconds - MAX_SHORTFALL_SECONDS;
}
