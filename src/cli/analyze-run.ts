import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AffectError, type ErrorCode } from '../domain/errors.js';
import type { MllmEngine } from '../domain/insight.js';
import type { Logger } from '../domain/logger.js';
import { type ModelRuntime, startRuntime } from '../pipeline/model-runtime.js';
import { isComplete } from '../recording/analyze-video.js';
import type { AskOptions } from '../recording/ask-keyframes.js';
import { makeFolder } from '../recording/make-folder.js';
import { type OutputPlan, planOutputs } from '../recording/output-plan.js';
import { untilAborted } from '../rx/until-aborted.js';
import { findInputs } from '../source/find-inputs.js';
import type { AnalyzeFlags } from './analyze-flags.js';
import { analyzeOne } from './analyze-one.js';
import { batchLines, type Failure } from './batch-lines.js';
import { errorText, failureOf } from './describe-error.js';
import { progressTo } from './progress-stream.js';
import { checkOut, checkTargets, checkTogether, formatsOf, mllmEngineOf, readingOf } from './read-analyze-flags.js';
import { RunStats } from './run-stats.js';
import { stopOnSignals } from './stop-on-signals.js';
import { withLog } from './with-log.js';

/** What is wrong for one video is then wrong for all. */
const WRONG_FOR_ALL: ReadonlySet<ErrorCode> = new Set([
  'FFMPEG_MISSING',
  'MODEL_INVALID',
  'LANE_DIED',
  'CONFIG_INVALID',
  'SERVER_UNREACHABLE',
]);

/** Analyses all that the patterns name, `--jobs` videos at once; returns the exit code of the first that failed. */
export function analyzeAll(patterns: readonly string[], flags: AnalyzeFlags): Promise<number> {
  return withLog(flags, (log) => analyzeLogged(patterns, flags, log));
}

async function analyzeLogged(patterns: readonly string[], flags: AnalyzeFlags, log: Logger): Promise<number> {
  checkTogether(flags);
  checkOut(flags.out);
  const mllmEngine = mllmEngineOf(flags);
  const { paths, problems } = await findInputs(patterns, { recursive: flags.recursive });
  const plans = planOutputs(paths, flags.out);
  if (plans.length === 0 && problems.length === 1) throw problems[0]!;
  checkTargets(flags, plans);
  const stopper = stopOnSignals({ say: log.error });
  // What is wrong for all ends those that are being analysed at the same time, too.
  const hopeless = new AbortController();
  const signal = AbortSignal.any([stopper.signal, hopeless.signal]);
  const failures: Failure[] = [];
  let done = 0;
  const fail = (name: string | null, error: unknown): void => {
    log.error(errorText(error), { ...failureOf(error), ...(name === null ? {} : { video: name }) });
    failures.push({ name, error });
  };
  for (const problem of problems) fail(null, problem);
  const batch = new Batch({ flags, mllmEngine, signal, log });
  const analyze = async (plan: OutputPlan, name: string): Promise<void> => {
    if (flags.resume && isComplete(plan)) {
      process.stdout.write(`${name}: done before\n`);
      done++;
      return;
    }
    await batch.begin();
    try {
      const problem = await batch.analyze(name, plan);
      if (problem) fail(plan.name, problem);
      else done++;
    } catch (error) {
      if (plans.length + problems.length === 1 || (error instanceof AffectError && WRONG_FOR_ALL.has(error.code)))
        throw error;
      fail(plan.name, error);
    }
  };
  const waiting = plans.entries();
  const work = async (): Promise<void> => {
    for (const [index, plan] of waiting) {
      if (signal.aborted) return;
      await analyze(plan, plans.length > 1 ? `[${index + 1}/${plans.length}] ${plan.name}` : plan.name).catch(
        (error: unknown) => {
          hopeless.abort(error);
          throw error;
        },
      );
    }
  };
  try {
    const ends = await Promise.allSettled(Array.from({ length: Math.min(flags.jobs, plans.length) }, work));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    batch.writeStats();
    for (const line of batchLines({ videos: plans.length, done, failures })) process.stdout.write(`${line}\n`);
  } finally {
    await mllmEngine?.close();
    await batch.close();
    stopper.release();
  }
  // Stopped between two videos, none of them has failed.
  const first = failures[0]?.error ?? (done < plans.length ? stopper.signal.reason : undefined);
  if (first === undefined) return 0;
  return failureOf(first).exitCode;
}

interface BatchOptions {
  readonly flags: AnalyzeFlags;
  readonly mllmEngine: MllmEngine | null;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What the videos of one command share; started with the first that needs it. */
class Batch {
  readonly #options: BatchOptions;
  readonly #stats = new RunStats();
  #runtime: ModelRuntime | undefined;
  #begun: Promise<void> | undefined;
  #ask: AskOptions | null = null;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  /** Prepares what every video needs, once: what fails here fails for all of them, and nothing was written yet. */
  begin(): Promise<void> {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  async #begin(): Promise<void> {
    const { flags, mllmEngine, signal, log } = this.#options;
    if (mllmEngine) this.#ask = await probed(mllmEngine, flags, signal);
    makeFolder(flags.out);
    this.#runtime = await runtimeFor(flags, signal);
    log.debug(`models are loaded; inference lanes: ${this.#runtime.lanes.lanes.length}`);
  }

  /** Resolves to what was wrong with the video, if anything, when its results are written as far as they go. */
  async analyze(name: string, plan: OutputPlan): Promise<AffectError | undefined> {
    const { flags, signal, log } = this.#options;
    log.debug(`${plan.input}: begun; results go to ${plan.dir}`, { video: plan.name });
    const options = {
      runtime: this.#runtime!,
      plan,
      reading: readingOf(flags),
      formats: formatsOf(flags),
      landmarks: flags.landmarks,
      overlayPath: typeof flags.overlay === 'string' ? resolve(flags.overlay) : null,
      overwrite: flags.overwrite,
      resume: flags.resume,
      ask: this.#ask,
    };
    const progress = progressTo(flags, { log, video: plan.name });
    const { summary, problem } = await analyzeOne(name, options, { signal, progress });
    this.#stats.add(summary);
    return problem;
  }

  writeStats(): void {
    const path = this.#options.flags.stats;
    if (path === undefined || !this.#runtime) return;
    try {
      writeFileSync(path, `${JSON.stringify(this.#stats.report(this.#runtime.lanes), null, 2)}\n`);
    } catch (cause) {
      throw new AffectError('OUTPUT_UNWRITABLE', `${path}: cannot be written; choose another --stats`, { cause });
    }
  }

  async close(): Promise<void> {
    await this.#runtime?.close();
  }
}

async function runtimeFor({ detector, lanes }: AnalyzeFlags, signal: AbortSignal): Promise<ModelRuntime> {
  try {
    return await startRuntime({ detector, ...(lanes === undefined ? {} : { lanes }) }, signal);
  } catch (error) {
    if (signal.aborted) throw new AffectError('INTERRUPTED', 'stopped before anything was analysed', { cause: error });
    throw error;
  }
}

/** Asks the engine what it can do. Nothing was analysed when it throws, and the message says so. */
async function probed(engine: MllmEngine, flags: AnalyzeFlags, signal: AbortSignal): Promise<AskOptions> {
  try {
    const capabilities = await untilAborted(engine.probe(signal), signal, () => signal.reason as Error);
    const where = flags.mllmUrl?.join(', ') ?? 'this process';
    return { engine, capabilities, where, tasks: flags.mllmTask, priors: flags.mllmPriors };
  } catch (error) {
    if (signal.aborted) throw new AffectError('INTERRUPTED', 'stopped before anything was analysed', { cause: error });
    if (!(error instanceof AffectError)) throw error;
    const flag = flags.mllmUrl ? '--mllm-url' : '--mllm-engine';
    throw new AffectError(error.code, `${error.message} (${flag}; nothing was analysed)`, { cause: error });
  }
}
