import { AffectError } from '../domain/errors.js';
import type { TrackedFace } from '../domain/face.js';
import { type Frame, type FrameSource, TURNS, type Turn } from '../domain/frame.js';
import { turnFrame } from './turn-frame.js';

/** Detection score of the surest upright face in a frame, 0..1; 0 without any. Each call begins without a history. */
export type SurestFace = (frame: Frame) => Promise<number>;

/**
 * From this score on a face is upright without a doubt. In twelve clips stood on their head, and one on its side, the detector gave
 * false upright faces up to 0.70; as they should be, each of them soon shows one of 0.75 or more.
 */
export const SURE_SCORE = 0.75;
/** Frames with an unsure face, at whatever turn, that are enough to decide. */
const UNSURE_FRAMES = 4;
/** A turn must show faces by so much more surely than the picture as it is: in the same clips it was 1.5 times or more. */
const MUCH_SURER = 1.3;

/** The detector also finds faces that lie on their side or stand on their head, and places them badly: 46° and 57° were seen. */
const MOST_ROLL_RADIANS = Math.PI / 6;

/** Pure: true of a face that is surely one, and leans by less than 30 degrees. */
export function isUpright({ validity, pose }: Pick<TrackedFace, 'validity' | 'pose'>): boolean {
  return validity !== 'low-confidence' && pose !== null && Math.abs(pose.roll) <= MOST_ROLL_RADIANS;
}

/** How often a turn of a picture showed a face, over the frames that were looked at. */
export interface Looks {
  readonly frames: number;
  readonly withFace: Readonly<Record<Turn, number>>;
  /** Sum over these frames of the surest face that each turn showed. */
  readonly sureness: Readonly<Record<Turn, number>>;
  /** An upright face was seen that leaves no doubt. */
  readonly sure: boolean;
}

/**
 * Looks for faces in the first frames of a source, at each of the turns given. Ends at the first upright face that is sure:
 * nothing has to be turned then. A file that breaks off is looked at up to there.
 */
export async function lookForFaces(
  source: FrameSource,
  options: {
    readonly surestFace: SurestFace;
    readonly turns: readonly Turn[];
    readonly mostFrames: number;
    readonly signal: AbortSignal;
  },
): Promise<Looks> {
  const { surestFace, turns, mostFrames, signal } = options;
  const withFace = { 0: 0, 90: 0, 180: 0, 270: 0 };
  const sureness = { ...withFace };
  let frames = 0;
  let withAny = 0;
  /** @returns whether the frame shows a face at any turn, or one that is surely upright as it is */
  const look = async (frame: Frame): Promise<'none' | 'some' | 'sure'> => {
    let seen: 'none' | 'some' = 'none';
    for (const turn of turns) {
      const score = await surestFace(turnFrame(frame, turn));
      if (score === 0) continue;
      seen = 'some';
      withFace[turn]++;
      sureness[turn] += score;
      if (turn === 0 && turns.length > 1 && score >= SURE_SCORE) return 'sure';
    }
    return seen;
  };
  try {
    for await (const { frame, release } of source.frames(signal)) {
      frames++;
      const seen = await look(frame).finally(release);
      if (seen !== 'none') withAny++;
      if (seen === 'sure') return { frames, withFace, sureness, sure: true };
      if (frames >= mostFrames || (turns.length > 1 && withAny >= UNSURE_FRAMES)) break;
    }
  } catch (error) {
    if (!(error instanceof AffectError)) throw error; // Told when the file is analysed.
  }
  return { frames, withFace, sureness, sure: false };
}

/** The turn that shows faces much more surely than the picture as it is, and in at least half of the frames. Else 0. */
export function decideTurn({ frames, withFace, sureness, sure }: Looks): Turn {
  if (sure) return 0;
  const best = TURNS.reduce((a, b) => (sureness[b] > sureness[a] ? b : a));
  const seen = withFace[best] > 0 && 2 * withFace[best] >= frames;
  return seen && sureness[best] >= MUCH_SURER * sureness[0] ? best : 0;
}
