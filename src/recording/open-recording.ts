import type { Area } from '../domain/areas.js';
import type { FrameFaces } from '../domain/face.js';
import type { Frame, FrameSource, Turn } from '../domain/frame.js';
import type { VoiceTrack } from '../domain/sound.js';
import { createFacePipeline } from '../pipeline/create-face-pipeline.js';
import type { FirstLook } from '../pipeline/face-pipeline.js';
import { type ModelRuntime, VOICE_MODEL } from '../pipeline/model-runtime.js';
import { hearVoice, NO_VOICE } from '../speech/hear-voice.js';
import { areasAt, type BeginRecordingOptions, type BegunRecording } from './begin-recording.js';
import { isUpright } from './look-for-faces.js';
import { findTurn, type LookOptions } from './second-look.js';

/** Which video is read, how, and with which models. */
export interface OpenRecordingOptions extends BeginRecordingOptions {
  readonly runtime: ModelRuntime;
}

/** A recorded video as it is read: turned as it was asked for, or as faces in it are upright. */
export interface Recording {
  readonly source: FrameSource;
  /** The voice in its sound; whoever reads the frames ends it. */
  readonly voice: VoiceTrack;
  /** How it was turned clockwise, beside the rotation that the file itself tells. */
  readonly turn: Turn;
  /** As they lie in the picture so turned. */
  readonly zones: readonly Area[];
  /** What a person should know of how it is read, one line each. */
  readonly notes: readonly string[];
  /** What the pipeline that reads it need not locate again; null where nobody has looked at it so turned. */
  readonly firstLook: FirstLook | null;
  /** How to look at it again, so turned: one frame a second, without history. */
  readonly look: LookOptions;
}

const TURNED = (turn: Turn): string =>
  `turned ${turn} degrees clockwise, as faces are upright then; --rotate 0 leaves it as it is`;

/** What was begun, once models are there to tell which way up it is. Errors: those of `openVideo`. */
export async function openRecording(
  options: OpenRecordingOptions,
  begun: BegunRecording,
  signal: AbortSignal,
): Promise<Recording> {
  const { reading } = options;
  const { rotate = 0 } = reading;
  const asItLies = await begun.source;
  const lookAt = (turn: Turn): LookOptions => lookOptions(options, { begun, turn, signal });
  const first = rotate === 'auto' ? await asItLies.peek() : null;
  const firstLook = first && (await locateFirst(options, first));
  const turn = rotate === 'auto' ? await findTurn(lookAt(0), firstLook && surestOf(firstLook.faces)) : rotate;
  const turned = rotate === 'auto' && turn !== 0;
  if (turned) await asItLies.end();
  const source = turned ? await begun.open({ turn }) : asItLies;
  const { runtime } = options;
  const hears = runtime.models.some(({ id }) => id === VOICE_MODEL);
  const sound = hears ? await begun.sound() : null;
  const voice = sound ? hearVoice({ sound, runModel: runtime.lanes.run, modelId: VOICE_MODEL }) : NO_VOICE;
  const told = [...(source.info.notes ?? []), sound?.choice, turned ? TURNED(turn) : null];
  const notes = told.filter((line): line is string => typeof line === 'string');
  const { zones } = areasAt(reading, turn);
  return { source, voice, turn, zones, notes, firstLook: turned ? null : firstLook, look: lookAt(turn) };
}

/** Locates the faces of a first frame as the pipeline that reads the recording would. */
async function locateFirst({ runtime, plan, reading }: OpenRecordingOptions, first: Frame): Promise<FirstLook> {
  const pipeline = createFacePipeline({ runtime, source: plan.name, ...reading });
  return { faces: await pipeline.locate(first), state: pipeline.facesState() };
}

const surestOf = ({ faces }: FrameFaces): number =>
  Math.max(0, ...faces.filter(isUpright).map(({ detectionScore }) => detectionScore ?? 0));

function lookOptions(
  options: OpenRecordingOptions,
  { begun, turn, signal }: { readonly begun: BegunRecording; readonly turn: Turn; readonly signal: AbortSignal },
): LookOptions {
  const sampleFps = Math.min(1, options.reading.sampleFps ?? 1);
  return {
    open: (changes) => begun.open({ sampleFps, turn, ...changes }),
    surestFace: async (frame) => surestOf((await locateFirst(options, frame)).faces),
    signal,
  };
}
