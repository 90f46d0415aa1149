import type { DecodeChoice } from '../domain/decoder.js';
import type { DeviceChoice } from '../domain/device.js';
import { AffectError } from '../domain/errors.js';
import type { ModelSize } from '../domain/model-size.js';
import type { PrecisionChoice } from '../domain/precision.js';
import type { Episode, FaceRecord, RunInfo, RunSummary } from '../domain/records.js';
import { Tally } from '../domain/run-tally.js';
import type { Micros } from '../domain/units.js';
import { createFacePipeline } from '../pipeline/create-face-pipeline.js';
import { type ModelRuntime, type RuntimeOptions, startRuntime } from '../pipeline/model-runtime.js';
import { settleDecoder } from '../source/settle-decoder.js';
import { type BegunRecording, beginRecording } from './begin-recording.js';
import { type OpenRecordingOptions, openRecording } from './open-recording.js';
import { sourceName } from './output-plan.js';
import { readFrames } from './read-frames.js';
import { READING_DEFAULTS, type ReadingOptions } from './reading-options.js';
import { runInfoOf, stoppedAt, withoutFrames } from './run-facts.js';

/** What `analyze` is told: how to read, in which the defaults are those of `mien analyze`, and with what. */
export interface AnalyzeOptions extends Partial<ReadingOptions> {
  /** Models and inference threads that several videos share; whoever started them closes them. @default its own */
  readonly runtime?: ModelRuntime;
  /** What runs the models, where no `runtime` is given. The first item tells what became of it. @default 'auto' */
  readonly device?: DeviceChoice;
  /** What the models compute with, where no `runtime` is given. @default 'float', the same on every machine */
  readonly precision?: PrecisionChoice;
  /** Network that reads emotions and action units, where no `runtime` is given. @default 'large' */
  readonly model?: ModelSize;
  /** Hardware that decodes the video; software stands in for it. @default 'auto', which is software */
  readonly decode?: DecodeChoice;
  /** Id of the video in records and episodes. @default the file's name, without what could surprise other programs */
  readonly source?: string;
  /** Ends the analysis with INTERRUPTED. */
  readonly signal?: AbortSignal;
}

/**
 * What `analyze` yields: first the facts of the run, among them the size of the picture that boxes refer to; then the
 * records of each frame, in rising track order, a frame without a face having one that says so; an episode where it
 * ends, after the records of that frame; at last the summary.
 */
export type AnalysisItem =
  | { readonly type: 'run'; readonly run: RunInfo }
  | { readonly type: 'record'; readonly record: FaceRecord }
  | { readonly type: 'episode'; readonly episode: Episode }
  | { readonly type: 'summary'; readonly summary: RunSummary };

/**
 * Analyses one recorded video, and writes nothing. It is read no faster than items are taken: a few frames ahead, and
 * nothing is dropped. Leaving the loop, by `break` or by an error, ends ffmpeg and, unless `runtime` was given, the
 * inference threads, before the loop is over.
 *
 * @example
 * for await (const item of analyze('interview.mp4', { endSeconds: 60 })) {
 *   if (item.type === 'record') console.log(item.record.ptsUs / 1e6, item.record.label);
 * }
 *
 * @param path - a local file
 * @throws AffectError - INPUT_NOT_FOUND, INPUT_NO_VIDEO, INPUT_UNSUPPORTED, FFMPEG_MISSING, MODEL_INVALID, LANE_DIED,
 * USAGE for a start after the end; INPUT_DAMAGED after everything up to the damage was yielded, the summary included;
 * INTERRUPTED when the signal aborts. Its message is one line, and names the flags of `mien analyze`. RangeError for
 * options out of range.
 */
export async function* analyze(path: string, options: AnalyzeOptions = {}): AsyncGenerator<AnalysisItem, void, void> {
  const {
    runtime: shared,
    source: name = sourceName(path),
    device,
    precision,
    model,
    decode = 'auto',
    ...more
  } = options;
  const { signal = new AbortController().signal, ...given } = more;
  const decoder = await settleDecoder(decode, signal);
  const video = { decoder, reading: withDefaults(given), plan: { input: path, name } };
  const begun = beginRecording(video, signal);
  let own: ModelRuntime | undefined;
  try {
    const chosen = { ...(device ? { device } : {}), ...(precision ? { precision } : {}), ...(model ? { model } : {}) };
    if (!shared) own = await startOwn(path, chosen, signal);
    yield* itemsOf({ runtime: (shared ?? own)!, ...video }, begun, signal);
  } finally {
    await begun.end();
    await own?.close();
  }
}

async function* itemsOf(
  options: OpenRecordingOptions,
  begun: BegunRecording,
  signal: AbortSignal,
): AsyncGenerator<AnalysisItem, void, void> {
  const { runtime, plan, reading } = options;
  const recording = await openRecording(options, begun, signal);
  const { source, voice, zones, firstLook } = recording;
  yield { type: 'run', run: runInfoOf(options, recording) };
  const { nominalFps: fps } = source.info;
  const pipeline = createFacePipeline({ runtime, source: plan.name, ...reading, fps, voice, firstLook });
  const tally = new Tally();
  let damage: AffectError | undefined;
  try {
    for await (const { frame, records, episodes } of readFrames({ source, pipeline, zones, signal })) {
      tally.add(frame.ptsUs, records, episodes);
      for (const record of records) yield { type: 'record', record };
      for (const episode of episodes) yield { type: 'episode', episode };
    }
  } catch (error) {
    if (error instanceof AffectError && error.code === 'INPUT_DAMAGED') damage = error;
    else if (!signal.aborted) throw error;
  } finally {
    await voice.end();
  }
  if (signal.aborted) throw interrupted(source.info.path, tally.lastPtsUs, signal);
  const last = pipeline.finish();
  tally.addFinal(last);
  for (const episode of last) yield { type: 'episode', episode };
  const summary = tally.summary(damage ? 'damaged' : 'complete', damage?.message ?? null, [
    ...source.notes,
    ...voice.notes,
  ]);
  yield { type: 'summary', summary };
  const problem = damage ?? withoutFrames(summary, source.info.path);
  if (problem) throw problem;
}

/** An option that is undefined is left to its default. */
function withDefaults(reading: Partial<ReadingOptions>): ReadingOptions {
  const given: Partial<ReadingOptions> = Object.fromEntries(
    Object.entries(reading).filter(([, value]) => value !== undefined),
  );
  return { ...READING_DEFAULTS, ...given };
}

async function startOwn(path: string, options: RuntimeOptions, signal: AbortSignal): Promise<ModelRuntime> {
  try {
    return await startRuntime(options, signal);
  } catch (error) {
    if (signal.aborted) throw interrupted(path, null, signal);
    throw error;
  }
}

function interrupted(path: string, lastPtsUs: Micros | null, { reason }: AbortSignal): AffectError {
  return new AffectError('INTERRUPTED', `${stoppedAt(path, lastPtsUs)}: its signal was aborted`, { cause: reason });
}
