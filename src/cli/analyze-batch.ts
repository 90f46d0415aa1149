import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SettledDecoder } from '../domain/decoder.js';
import { AffectError } from '../domain/errors.js';
import type { MllmEngine } from '../domain/insight.js';
import type { Logger } from '../domain/logger.js';
import type { OwnPrompts, Prompts } from '../domain/prompt-template.js';
import { promptsOf } from '../mllm/prompts/own-prompts.js';
import { isSomeones, type PeopleMap } from '../people/people-map.js';
import { loadedWords, type ModelRuntime, startRuntime } from '../pipeline/model-runtime.js';
import type { AskOptions } from '../recording/ask-keyframes.js';
import { beginRecording } from '../recording/begin-recording.js';
import type { MayBeSeen } from '../recording/hide-others.js';
import { makeFolder } from '../recording/make-folder.js';
import type { OutputPlan } from '../recording/output-plan.js';
import type { ReadingOptions } from '../recording/reading-options.js';
import { untilAborted } from '../rx/until-aborted.js';
import { settleDecoder } from '../source/settle-decoder.js';
import type { AnalyzeFlags } from './analyze-flags.js';
import type { FinishedVideo } from './analyze-reporter.js';
import { progressTo } from './progress-stream.js';
import { askedTasks, formatsOf } from './read-analyze-flags.js';
import { RunStats } from './run-stats.js';
import { VideosAhead } from './videos-ahead.js';
import type { Turn } from './work-in-turn.js';

const analyzing = () => import('./analyze-one.js');

export interface BatchOptions {
  readonly flags: AnalyzeFlags;
  readonly reading: ReadingOptions;
  readonly peopleMap: PeopleMap | null;
  readonly mllmEngine: MllmEngine | null;
  readonly prompts: OwnPrompts;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What is told of one video where the flags are not for all: what is done with results that are there, who is who. */
export interface OfVideo extends Pick<AnalyzeFlags, 'overwrite' | 'resume'> {
  readonly peopleMap: PeopleMap | null;
  readonly mayBeSeen: MayBeSeen | null;
}

/** What the videos of one command share; started with the first that needs it. */
export class Batch {
  readonly #options: BatchOptions;
  readonly #stats = new RunStats();
  #runtime: ModelRuntime | undefined;
  #begun: Promise<void> | undefined;
  #decoder: Promise<SettledDecoder> | undefined;
  #ask: AskOptions | null = null;
  readonly #ahead = new VideosAhead(async (plan) => {
    const { reading, signal } = this.#options;
    return beginRecording({ plan, reading, decoder: await this.#settled() }, signal);
  });

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
    if (mllmEngine)
      this.#ask = await probed(mllmEngine, flags, { prompts: promptsOf(this.#options.prompts, mllmEngine), signal });
    makeFolder(flags.out);
    // What writes files is read while models load.
    [this.#runtime] = await Promise.all([runtimeFor(flags, signal), analyzing()]);
    const { device, precision } = this.#runtime;
    for (const { problem } of [device, precision, await this.#settled()])
      if (problem !== null && !signal.aborted) log.warn(problem);
    log.debug(loadedWords(this.#runtime));
  }

  #settled(): Promise<SettledDecoder> {
    this.#decoder ??= settleDecoder(this.#options.flags.decode, this.#options.signal);
    return this.#decoder;
  }

  /** Opens a video that comes next, and decodes its first frames, while something else is waited for. */
  prepare(plan: OutputPlan): void {
    this.#ahead.prepare(plan);
  }

  /**
   * Resolves when the results of the video are written as far as they go.
   *
   * @param how - `turn` is told when it nears its end, and when only files are still to be finished; `ofVideo` is said
   * in place of the flags
   */
  async analyze(
    label: string,
    plan: OutputPlan,
    how: { readonly turn: Turn; readonly ofVideo?: OfVideo | undefined },
  ): Promise<FinishedVideo> {
    const { flags, reading, signal, log } = this.#options;
    const { peopleMap: map } = this.#options;
    const ofAll = { ...flags, peopleMap: map, mayBeSeen: flags.blurOthers && map ? isSomeones(map) : null };
    const { overwrite, resume, peopleMap, mayBeSeen } = how.ofVideo ?? ofAll;
    log.debug(`${plan.input}: begun; results go to ${plan.dir}`, { video: plan.name });
    const options = {
      runtime: this.#runtime!,
      plan,
      decoder: await this.#settled(),
      begun: await this.#ahead.take(plan),
      reading,
      formats: formatsOf(flags),
      landmarks: flags.landmarks,
      overlayPath: typeof flags.overlay === 'string' ? resolve(flags.overlay) : null,
      overwrite,
      resume,
      peopleMap,
      mayBeSeen,
      joinAppearance: flags.joinAppearance,
      ask: this.#ask,
    };
    const progress = progressTo(flags, { log, video: plan.name });
    const { analyzeOne } = await analyzing();
    const video = await analyzeOne(label, options, { signal, progress, turn: how.turn });
    this.#stats.add(video.event.summary);
    return video;
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
    await this.#ahead.end();
    await this.#runtime?.close();
  }
}

async function runtimeFor(
  { detector, model, device, precision, lanes }: AnalyzeFlags,
  signal: AbortSignal,
): Promise<ModelRuntime> {
  try {
    return await startRuntime(
      { detector, model, device, precision, ...(lanes === undefined ? {} : { lanes }) },
      signal,
    );
  } catch (error) {
    if (signal.aborted) throw new AffectError('INTERRUPTED', 'stopped before anything was analysed', { cause: error });
    throw error;
  }
}

/** Asks the engine what it can do. Nothing was analysed when it throws, and the message says so. */
async function probed(
  engine: MllmEngine,
  flags: AnalyzeFlags,
  { prompts, signal }: { readonly prompts: Prompts; readonly signal: AbortSignal },
): Promise<AskOptions> {
  try {
    const capabilities = await untilAborted(engine.probe(signal), signal, () => signal.reason as Error);
    const where = flags.mllmUrl?.join(', ') ?? 'this process';
    const tasks = askedTasks(flags);
    return { engine, capabilities, where, tasks, prompts, priors: flags.mllmPriors };
  } catch (error) {
    if (signal.aborted) throw new AffectError('INTERRUPTED', 'stopped before anything was analysed', { cause: error });
    if (!(error instanceof AffectError)) throw error;
    const flag = flags.mllmUrl ? '--mllm-url' : '--mllm-engine';
    throw new AffectError(error.code, `${error.message} (${flag}; nothing was analysed)`, { cause: error });
  }
}
