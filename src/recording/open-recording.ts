import { turnAreas } from '../areas/polygon.js';
import { type Area, NO_AREAS } from '../domain/areas.js';
import type { SettledDecoder } from '../domain/decoder.js';
import type { Frame, FrameSource, Turn } from '../domain/frame.js';
import { createFacePipeline } from '../pipeline/create-face-pipeline.js';
import type { ModelRuntime } from '../pipeline/model-runtime.js';
import { askFfprobe, type ProbeAnswer } from '../source/ffprobe.js';
import { type OpenVideoOptions, openVideo } from '../source/video-file.js';
import { blackedOut } from './blacked-out.js';
import { isUpright } from './look-for-faces.js';
import type { OutputPlan } from './output-plan.js';
import type { ReadingOptions } from './reading-options.js';
import { findTurn, type LookOptions } from './second-look.js';

/** Which video is read, how, and with which models. */
export interface OpenRecordingOptions {
  readonly runtime: ModelRuntime;
  readonly plan: Pick<OutputPlan, 'input' | 'name'>;
  readonly reading: ReadingOptions;
  /** What decodes it. @default software */
  readonly decoder?: SettledDecoder;
}

/** A recorded video as it is read: turned as it was asked for, or as faces in it are upright. */
export interface Recording {
  readonly source: FrameSource;
  /** How it was turned clockwise, beside the rotation that the file itself tells. */
  readonly turn: Turn;
  /** As they lie in the picture so turned. */
  readonly zones: readonly Area[];
  /** What a person should know of how it is read, one line each. */
  readonly notes: readonly string[];
  /** How to look at it again, so turned: one frame a second, without history. */
  readonly look: LookOptions;
}

const TURNED = (turn: Turn): string =>
  `turned ${turn} degrees clockwise, as faces are upright then; --rotate 0 leaves it as it is`;

/** Errors: those of `openVideo`. */
export async function openRecording(options: OpenRecordingOptions, signal: AbortSignal): Promise<Recording> {
  const { reading } = options;
  // Opened once as it is, so that what is wrong with the file is told before anything is looked for.
  let asked: Promise<ProbeAnswer> | undefined;
  const ask = (): Promise<ProbeAnswer> => {
    asked ??= askFfprobe(options.plan.input, signal);
    return asked;
  };
  const upright = await open(options, { ask, signal });
  const { rotate = 0 } = reading;
  const turn = rotate === 'auto' ? await findTurn(lookOptions(options, { turn: 0, ask, signal })) : rotate;
  const source = turn === 0 ? upright : await open(options, { turn, ask, signal });
  const turned = rotate === 'auto' && turn !== 0 ? [TURNED(turn)] : [];
  const notes = [...(source.info.notes ?? []), ...turned];
  const { zones } = areasAt(reading, turn);
  return { source, turn, zones, notes, look: lookOptions(options, { turn, ask, signal }) };
}

/** The video with its masks drawn black: nobody gets to see it without. */
async function open(
  { plan, reading, decoder }: OpenRecordingOptions,
  changes: Partial<OpenVideoOptions> & { readonly turn?: Turn },
): Promise<FrameSource> {
  const video = await openVideo({ path: plan.input, ...reading, decoder: decoder?.used ?? 'none', ...changes });
  return blackedOut(video, areasAt(reading, changes.turn ?? 0).masks);
}

/** Masks and zones are drawn in the picture as it was asked for; where it is turned beyond that, they turn along. */
const areasAt = ({ areas = NO_AREAS, rotate = 0 }: ReadingOptions, turn: Turn) =>
  rotate === 'auto' ? turnAreas(areas, turn) : areas;

function lookOptions(
  options: OpenRecordingOptions,
  {
    turn,
    ask,
    signal,
  }: { readonly turn: Turn; readonly ask: () => Promise<ProbeAnswer>; readonly signal: AbortSignal },
): LookOptions {
  const { runtime, plan, reading } = options;
  const sampleFps = Math.min(1, reading.sampleFps ?? 1);
  return {
    open: (changes) => open(options, { sampleFps, turn, ask, ...changes }),
    surestFace: async (frame: Frame) => {
      const { faces } = await createFacePipeline({ runtime, source: plan.name, ...reading }).locate(frame);
      return Math.max(0, ...faces.filter(isUpright).map(({ detectionScore }) => detectionScore ?? 0));
    },
    signal,
  };
}
