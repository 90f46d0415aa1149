import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Observable } from 'rxjs';
import { AffectError } from '../domain/errors.js';
import type { RunSummary } from '../domain/records.js';
import type { Micros } from '../domain/units.js';
import { checkTasks } from '../mllm/prompts/presets.js';
import type { AskOutcome } from '../mllm/recorded-questions.js';
import { openOutputs } from '../outputs/open-outputs.js';
import type { OutputName } from '../outputs/outputs.js';
import { createFacePipeline } from '../pipeline/create-face-pipeline.js';
import { analyzeFrames } from './analyze-frames.js';
import type { AnalyzeVideoOptions } from './analyze-video-options.js';
import { AnswerJournal } from './answer-journal.js';
import { askKeyframes } from './ask-keyframes.js';
import { type BegunRecording, beginRecording } from './begin-recording.js';
import { hideOthers } from './hide-others.js';
import { holdResults } from './hold-results.js';
import { JournalWriter, openReplay, type Replay } from './journal.js';
import { makeFolder } from './make-folder.js';
import { openRecording, type Recording } from './open-recording.js';
import { fingerprintOf, missingInsights, runInfoOf, withoutFrames } from './run-facts.js';
import { adviceOn } from './second-look.js';
import { journalOf } from './what-is-there.js';

/** How far `analyzeVideo` is; the last event is `done`. */
export type AnalysisEvent =
  | {
      readonly type: 'frame';
      readonly frames: number;
      readonly ptsUs: Micros;
      readonly totalFrames: number | null;
      readonly durationSeconds: number | null;
    }
  /** All frames are read; files are being finished. */
  | { readonly type: 'read' }
  | {
      readonly type: 'done';
      readonly summary: RunSummary;
      readonly problem: AffectError | undefined;
      /** Files of each output that was asked for, its first file first. */
      readonly outputs: ReadonlyMap<OutputName, readonly string[]>;
      readonly manifestPath: string;
      /** How many people the tracks show; null of a run that was stopped. */
      readonly people: number | null;
      /** How the file was read and what would read it better, one line each. */
      readonly notes: readonly string[];
      /** Null when nobody was asked. */
      readonly asked: AskOutcome | null;
    };

const ANSWERS_SUFFIX = '.answers';

function replayOf(options: AnalyzeVideoOptions, journalPath: string, fingerprint: string): Replay | undefined {
  const replay = openReplay(journalPath);
  if (!replay) return undefined;
  const continues = options.resume && replay.fingerprint === fingerprint;
  if (options.overwrite) return continues ? replay : undefined;
  if (!options.resume) {
    throw new AffectError(
      'OUTPUT_EXISTS',
      `${options.plan.dir} holds an interrupted run; choose --resume or --overwrite`,
    );
  }
  if (!continues) {
    throw new AffectError(
      'OUTPUT_EXISTS',
      `${options.plan.dir} was begun with another file, options, models, device or precision; choose --overwrite`,
    );
  }
  return replay;
}

async function run(
  options: AnalyzeVideoOptions,
  signal: AbortSignal,
  next: (event: AnalysisEvent) => void,
): Promise<void> {
  const begun = options.begun ?? beginRecording(options, signal);
  try {
    await runBegun(options, begun, { signal, next });
  } finally {
    await begun.end();
  }
}

async function runBegun(
  options: AnalyzeVideoOptions,
  begun: BegunRecording,
  { signal, next }: { readonly signal: AbortSignal; readonly next: (event: AnalysisEvent) => void },
): Promise<void> {
  const { plan, reading, ask = null } = options;
  if (ask) checkTasks(ask.tasks, { auOnly: reading.emotions === false, measured: ask.capabilities.readings === true });
  const recording = await openRecording(options, begun, signal);
  makeFolder(plan.dir);
  const held = await holdResults(plan, signal);
  try {
    await runHeld(options, recording, { signal: AbortSignal.any([signal, held.lost]), next });
    held.lost.throwIfAborted();
  } finally {
    await held.release();
  }
}

async function runHeld(
  options: AnalyzeVideoOptions,
  recording: Recording,
  { signal, next }: { readonly signal: AbortSignal; readonly next: (event: AnalysisEvent) => void },
): Promise<void> {
  const { runtime, plan, reading, ask = null } = options;
  const { source, voice, notes, look, zones, firstLook } = recording;
  const { info } = source;
  const journalPath = journalOf(plan);
  const fingerprint = fingerprintOf(options);
  const replay = replayOf(options, journalPath, fingerprint);
  if (options.overlayPath) makeFolder(dirname(options.overlayPath));
  // Files of the run that is resumed are written anew from its journal.
  const overwrite = options.overwrite || replay !== undefined;

  const runInfo = runInfoOf(options, recording);
  const episodes = ask ? 'all' : 'end';
  const pipeline = createFacePipeline({
    runtime,
    source: plan.name,
    ...reading,
    fps: info.nominalFps,
    episodes,
    voice,
    firstLook,
  });
  const outputs = await openOutputs({
    base: join(plan.dir, plan.name),
    outputs: options.formats,
    ...(options.overlayPath ? { places: { overlay: options.overlayPath } } : {}),
    overwrite,
    landmarks: options.landmarks,
    run: runInfo,
    video: info,
    insights: ask !== null,
    peopleMap: options.peopleMap ?? null,
    joinAppearance: options.joinAppearance ?? false,
  });
  let journal: JournalWriter;
  try {
    journal = JournalWriter.open(journalPath, { fingerprint, keepBytes: replay?.bytes ?? 0 });
  } catch (error) {
    await outputs.abandon();
    throw error;
  }
  const answersPath = join(plan.dir, `${plan.name}${ANSWERS_SUFFIX}`);
  const answers = ask && AnswerJournal.open(answersPath, { keep: replay !== undefined });
  const asking = ask && answers && askKeyframes(outputs.sink, { ...ask, source: plan.name, signal, answers });
  const { summary, error } = await analyzeFrames({
    source,
    voice,
    pipeline,
    zones,
    sink: asking ?? outputs.sink,
    journal,
    replay,
    signal,
    checkpointAtEnd: asking !== null,
    ...(options.mayBeSeen ? { hide: hideOthers(options.mayBeSeen) } : {}),
    onFrame: (frames, ptsUs) =>
      next({ type: 'frame', frames, ptsUs, totalFrames: info.frameCount, durationSeconds: info.durationSeconds }),
    onRead: () => next({ type: 'read' }),
  }).finally(async () => {
    answers?.close();
    await voice.end();
  });
  const asked = asking?.outcome ?? null;
  const unanswered = summary.status === 'complete' && ask && asked ? missingInsights(ask, asked, plan.name) : undefined;
  const missing = unanswered && signal.aborted ? new AffectError('INTERRUPTED', unanswered.message) : unanswered;
  // With questions open the journals stay: --resume asks them, and computes nothing again.
  if (summary.status !== 'interrupted' && !missing)
    for (const path of [journalPath, answersPath]) rmSync(path, { force: true });
  const advice = signal.aborted ? null : await adviceOn({ info, summary }, look);
  const problem = error ?? missing ?? outputs.peopleProblem() ?? withoutFrames(summary, info.path);
  const { paths, manifestPath } = outputs;
  const told = advice === null ? notes : [...notes, advice];
  next({ type: 'done', summary, problem, outputs: paths, manifestPath, people: outputs.people(), notes: told, asked });
}

/**
 * Analyses one recorded video into files. Events tell progress; the last is `done`. Unsubscribing, or aborting the
 * signal, stops after the frames in flight with valid files and a journal to resume from.
 * Errors: the table in domain/errors.ts; damage of the input is not one: `done` carries it as `problem`.
 */
export function analyzeVideo(options: AnalyzeVideoOptions, signal?: AbortSignal): Observable<AnalysisEvent> {
  return new Observable((subscriber) => {
    const stop = new AbortController();
    const signals = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    run(options, signals, (event) => subscriber.next(event)).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => stop.abort();
  });
}
