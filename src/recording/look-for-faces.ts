import { AffectError } from '../domain/errors.js';
import type { TrackedFace } from '../domain/face.js';
import { type Frame, type FrameSource, TURNS, type Turn } from '../domain/frame.js';
import { turnFrame } from './turn-frame.js';

/** How surely a frame shows upright faces: the sum of their detection scores, 0 without any. Each call begins without a history. */
export type CountFaces = (frame: Frame) => Promise<number>;

/** The detector also finds faces that lie on their side or stand on their head, and places them badly: 46° and 57° were seen. */
const MOST_ROLL_RADIANS = Math.PI / 6;

/** Pure: true of a face that is surely one, and leans by less than 30 degrees. */
export function isUpright({ validity, pose }: Pick<TrackedFace, 'validity' | 'pose'>): boolean {
  return validity !== 'low-confidence' && Math.abs(pose.roll) <= MOST_ROLL_RADIANS;
}

/** How often a turn of a picture showed a face, over the frames that were looked at. */
export interface Looks {
  readonly frames: number;
  readonly withFace: Readonly<Record<Turn, number>>;
  /** Sum over these frames of how surely each turn showed faces. */
  readonly sureness: Readonly<Record<Turn, number>>;
}

/**
 * Looks for faces in the first frames of a source; in those without one upright also at the turns given. Ends at the first
 * upright face: nothing has to be turned then. A file that breaks off is looked at up to there.
 */
export async function lookForFaces(
  source: FrameSource,
  options: {
    readonly countFaces: CountFaces;
    readonly turns: readonly Turn[];
    readonly mostFrames: number;
    readonly signal: AbortSignal;
  },
): Promise<Looks> {
  const withFace = { 0: 0, 90: 0, 180: 0, 270: 0 };
  const sureness = { ...withFace };
  let frames = 0;
  try {
    for await (const { frame, release } of source.frames(options.signal)) {
      try {
        frames++;
        for (const turn of options.turns) {
          const sure = await options.countFaces(turnFrame(frame, turn));
          if (sure > 0) withFace[turn]++;
          sureness[turn] += sure;
          if (withFace[0] > 0 && options.turns.length > 1) break;
        }
      } finally {
        release();
      }
      if (frames >= options.mostFrames || (withFace[0] > 0 && options.turns.length > 1)) break;
    }
  } catch (error) {
    if (!(error instanceof AffectError)) throw error; // Told when the file is analysed.
  }
  return { frames, withFace, sureness };
}

/** The turn that shows faces most surely where none is upright, and in at least half of the frames. Else 0. */
export function decideTurn({ frames, withFace, sureness }: Looks): Turn {
  if (withFace[0] > 0) return 0;
  const best = TURNS.reduce((a, b) => (sureness[b] > sureness[a] ? b : a));
  return withFace[best] > 0 && 2 * withFace[best] >= frames ? best : 0;
}
