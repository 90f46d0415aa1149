import { type Observable, Subject } from 'rxjs';
import { counted } from '../domain/counted.js';
import { errorWords } from '../domain/errors.js';
import {
  type EngineCapabilities,
  isTemplate,
  type Keyframe,
  type MllmEngine,
  type MllmTask,
} from '../domain/insight.js';
import type { LiveWriting } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import { GIVEN_UP } from '../domain/mllm-outcomes.js';
import type { Prompts } from '../domain/prompt-template.js';
import type { Episode } from '../domain/records.js';
import type { Telemetry } from '../domain/telemetry.js';
import { type Clock, SYSTEM_CLOCK } from '../rx/clock.js';
import { untilAborted } from '../rx/until-aborted.js';
import type { ReadyEngine } from './face-questions.js';
import type { Answered } from './job.js';
import { evidencePicture, KeyframePicker } from './keyframe-picker.js';
import type { AnsweredInsight, KeyframeSink, SeenFrame } from './keyframe-sink.js';
import { MllmStage } from './mllm-stage.js';
import { type PictureWant, wantsOf } from './picture-wants.js';
import { taskPrompt } from './prompts/presets.js';
import type { SelectOptions } from './select-options.js';
import type { OutcomeReport } from './stage-options.js';

export interface LiveQuestionsOptions {
  readonly engine: MllmEngine;
  readonly tasks: readonly MllmTask[];
  /** Questions in place of the presets. */
  readonly prompts?: Prompts;
  /** Put what was measured into the question. */
  readonly priors: boolean;
  /** Side of the pictures that are sent. */
  readonly imagePx: number;
  /** Which faces are asked about, and how many a minute. */
  readonly select: Partial<SelectOptions>;
  /** How much an answer counts beside the measurement, 0..1. */
  readonly weight: number;
  /** Longest wait for an answer, and for the engine to say what it can do. */
  readonly timeoutMs: number;
  /** False: insights come without the face that was asked about. */
  readonly showFaces: boolean;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** Pictures being encoded at once; beyond, faces are skipped as by a full queue. */
const MAX_ENCODING = 8;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** One camera from its first keyframe until it is removed; the same id may come back as another. */
interface SourceRun {
  /** Resolves when its newest keyframe has been offered. */
  offered: Promise<void>;
}

interface LiveKeyframe extends Keyframe {
  readonly run: SourceRun;
  readonly wallTimeMs: number;
  readonly evidenceJpeg: Uint8Array | null;
}

/**
 * Asks about the faces of live cameras: the newest questions first, none older than an answer is worth. An engine that cannot be reached is told of once and tried again in the
 * background; until it answers, faces are not asked about.
 */
export class LiveQuestions implements KeyframeSink {
  readonly #options: LiveQuestionsOptions;
  readonly #clock: Clock;
  readonly #picker: KeyframePicker;
  readonly #told = new Subject<AnsweredInsight>();
  readonly #writings = new Subject<LiveWriting>();
  readonly #runs = new Map<string, SourceRun>();
  readonly #stopping = new AbortController();
  #encoding = 0;
  #stage: {
    readonly stage: MllmStage<LiveKeyframe>;
    readonly wants: readonly PictureWant[];
    readonly capabilities: EngineCapabilities;
  } | null = null;
  #failures = 0;
  #warned = false;
  #cancelRetry: () => void = () => undefined;

  constructor(options: LiveQuestionsOptions) {
    const { select, telemetry } = options;
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#picker = new KeyframePicker({ select, onSkip: (reason) => telemetry.mllmSkipped(reason) });
  }

  get insights(): Observable<AnsweredInsight> {
    return this.#told;
  }

  get writings(): Observable<LiveWriting> {
    return this.#writings;
  }

  /** The engine, once it has answered. */
  get answering(): ReadyEngine | null {
    return this.#stage && { engine: this.#options.engine, capabilities: this.#stage.capabilities };
  }

  /** True once the engine has answered. */
  get ready(): boolean {
    return this.#stage !== null;
  }

  /** Asks the engine what it can do, again and again until it answers; returns at once. */
  start(): void {
    void this.#probe(0);
  }

  offer({ source, frame, records, episodes, wallTimeMs }: SeenFrame): void {
    this.#picker.episodes(episodes);
    if (this.#stage === null) return;
    const { stage, wants } = this.#stage;
    const keyframes = this.#picker.pick({
      source,
      frame,
      records,
      nowUs: this.#clock.nowMs() * 1000,
      wants,
      room: () => stage.hasRoom && this.#encoding < MAX_ENCODING,
    });
    for (const keyframe of keyframes) this.#enqueue(source, keyframe, wallTimeMs);
  }

  ended(episodes: readonly Episode[]): void {
    this.#picker.episodes(episodes);
  }

  endSource(source: string): void {
    this.#picker.endSource(source);
    this.#runs.delete(source);
  }

  /** Gives up what waits and closes the engine. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#cancelRetry();
    if (this.#stage) await this.#stage.stage.close();
    else await this.#options.engine.close();
    this.#told.complete();
    this.#writings.complete();
  }

  /** Keyframes of a source are offered in their order, whatever order their pictures are ready in. */
  #enqueue(source: string, picked: Promise<Keyframe>, wallTimeMs: number): void {
    this.#encoding += 1;
    const run = this.#runs.get(source) ?? { offered: Promise.resolve() };
    this.#runs.set(source, run);
    const evidence = picked.then((keyframe) => (this.#options.showFaces ? evidencePicture(keyframe) : null));
    run.offered = Promise.all([picked, evidence, run.offered])
      .then(([keyframe, evidenceJpeg]) => {
        if (!this.#isThere(source, run) || this.#stage === null || this.#stopping.signal.aborted) return;
        this.#stage.stage.offer({ ...keyframe, run, wallTimeMs, evidenceJpeg });
        this.#tellQueue();
      })
      .catch((error: unknown) => this.#warnOnce(`a keyframe could not be cut: ${String(error)}`))
      .finally(() => {
        this.#encoding -= 1;
      });
  }

  /** False once the camera was removed, although another may have its id. */
  #isThere(source: string, run: SourceRun): boolean {
    return this.#runs.get(source) === run;
  }

  async #probe(attempt: number): Promise<void> {
    const { engine, tasks, prompts = {}, imagePx, priors, weight, timeoutMs, logger, telemetry } = this.#options;
    const repeats = isTemplate({ engine: engine.id });
    const about = `language model ${engine.model}`;
    try {
      const patience = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(timeoutMs)]);
      const capabilities = await untilAborted(engine.probe(patience), patience, () => new Error('it does not answer'));
      if (this.#stopping.signal.aborted) return;
      const stage = new MllmStage<LiveKeyframe>({
        engine,
        capabilities,
        tasks,
        prompts,
        imagePx,
        usePriors: priors,
        mode: 'live',
        evidence: { weight },
        requestDeadlineMs: timeoutMs,
        clock: this.#clock,
        onInsight: (answered) => this.#tell(answered),
        onWriting: (writing, { run, wallTimeMs }) => {
          if (this.#isThere(writing.source, run)) this.#writings.next({ ...writing, wallTimeMs });
        },
        onDrop: ({ reason }) => telemetry.mllmDropped(reason),
        onBatch: (size) => telemetry.mllmAsked(size),
        onOutcome: (report) => this.#count(report),
      });
      const templates = tasks.map((task) => taskPrompt(task, prompts));
      this.#stage = { stage, wants: wantsOf(templates, { imagePx, capabilities }), capabilities };
      logger.info(repeats ? `words are made from the measurements (${engine.model})` : `${about} answers`);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      const level = attempt === 0 ? 'warn' : 'debug';
      logger[level](`${about} is not available: ${errorWords(error)}; trying again in the background`);
      const pauseMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
      this.#cancelRetry = this.#clock.after(pauseMs, () => void this.#probe(attempt + 1));
    }
  }

  #count({ outcome, tookMs }: OutcomeReport): void {
    const { telemetry, engine } = this.#options;
    const answer = outcome.kind === 'ok' ? outcome.answer : null;
    telemetry.mllmAnswered({
      engine: engine.id,
      tookMs,
      outcome: outcome.kind === 'ok' ? 'ok' : outcome.reason,
      tokens: { prompt: answer?.promptTokens ?? 0, completion: answer?.completionTokens ?? 0 },
    });
    this.#tellQueue();
    if (outcome.kind === 'ok' || GIVEN_UP.includes(outcome.reason)) return;
    this.#failures += 1;
    // 1, 10, 100 ...: an engine that is away must not fill the log.
    const level = Number.isInteger(Math.log10(this.#failures)) ? 'warn' : 'debug';
    this.#options.logger[level](`language model: ${counted(this.#failures, 'question')} failed: ${outcome.message}`);
  }

  #tellQueue(): void {
    this.#options.telemetry.mllmQueue(this.#stage?.stage.stats.waiting ?? 0);
  }

  #tell({ insight, evidence, keyframe }: Answered<LiveKeyframe>): void {
    const { source } = insight;
    const { run, wallTimeMs, evidenceJpeg } = keyframe;
    if (!this.#isThere(source, run)) return;
    this.#options.telemetry.mllmClaims(insight.check);
    this.#told.next({ source, insight, evidence, evidenceJpeg, wallTimeMs });
  }

  #warnOnce(line: string): void {
    if (!this.#warned) this.#options.logger.warn(line);
    this.#warned = true;
  }
}
