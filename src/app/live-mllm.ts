import { type Observable, Subject } from 'rxjs';
import type { MllmConfig } from '../config/serve-config.js';
import { counted } from '../domain/counted.js';
import type { EngineCapabilities, Insight, Keyframe, MllmEngine } from '../domain/insight.js';
import type { Telemetry } from '../domain/live.js';
import type { Episode } from '../domain/records.js';
import type { AnsweredInsight, KeyframeSink, SeenFrame } from '../live/keyframe-sink.js';
import { insightEvidence } from '../mllm/evidence.js';
import { evidencePicture, KeyframePicker } from '../mllm/keyframe-picker.js';
import { MllmStage } from '../mllm/mllm-stage.js';
import { SELECT_DEFAULTS } from '../mllm/select-options.js';
import { type StageClock, SYSTEM_CLOCK } from '../mllm/stage-clock.js';
import type { BatchReport } from '../mllm/stage-options.js';
import { untilAborted } from '../rx/until-aborted.js';

export interface LiveMllmOptions {
  readonly engine: MllmEngine;
  readonly config: MllmConfig;
  /** False: insights come without the face that was asked about. */
  readonly showFaces: boolean;
  readonly telemetry: Telemetry;
  readonly logger: { info(line: string): void; warn(line: string): void };
  readonly clock?: StageClock;
}

/** Pictures being encoded at once; beyond, faces are skipped as by a full queue. */
const MAX_ENCODING = 8;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** What is kept of a keyframe until its last question is settled. */
interface Asked {
  readonly wallTimeMs: number;
  readonly evidenceJpeg: Uint8Array | null;
  open: number;
}

const keyOf = ({ source, track, ptsUs }: Pick<Keyframe, 'source' | 'track' | 'ptsUs'>): string =>
  `${source}/${track}/${ptsUs}`;

/**
 * The MLLM stage behind live cameras. An engine that cannot be reached is told of once and tried again in the
 * background; until it answers, faces are not asked about.
 */
export class LiveMllm implements KeyframeSink {
  readonly #options: LiveMllmOptions;
  readonly #clock: StageClock;
  readonly #picker: KeyframePicker;
  readonly #told = new Subject<AnsweredInsight>();
  readonly #asked = new Map<string, Asked>();
  readonly #offers = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #encoding = 0;
  #stage: { readonly stage: MllmStage; readonly capabilities: EngineCapabilities } | null = null;
  #failures = 0;
  #warned = false;
  #cancelRetry: () => void = () => undefined;

  constructor(options: LiveMllmOptions) {
    const { config, telemetry } = options;
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    const budget = (perMinute: number | null, burst: number) => perMinute && { perMinute, burst };
    this.#picker = new KeyframePicker({
      select: {
        minIntervalSeconds: config.minIntervalMs / 1000,
        maxIntervalSeconds: config.maxIntervalMs / 1000,
        perCamera: budget(config.perCameraPerMinute, SELECT_DEFAULTS.perCamera!.burst) || null,
        overall: budget(config.overallPerMinute, SELECT_DEFAULTS.overall!.burst) || null,
      },
      imagePx: config.imagePx,
      onSkip: (reason) => telemetry.mllmSkipped(reason),
    });
  }

  get insights(): Observable<AnsweredInsight> {
    return this.#told;
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
    const { stage, capabilities } = this.#stage;
    const keyframes = this.#picker.pick({
      source,
      frame,
      records,
      nowUs: this.#clock.nowMs() * 1000,
      context: capabilities.severalImages,
      room: () => stage.hasRoom && this.#encoding < MAX_ENCODING,
    });
    for (const keyframe of keyframes) this.#enqueue(source, keyframe, wallTimeMs);
  }

  ended(episodes: readonly Episode[]): void {
    this.#picker.episodes(episodes);
  }

  endSource(source: string): void {
    this.#picker.endSource(source);
    this.#offers.delete(source);
    for (const key of this.#asked.keys()) if (key.startsWith(`${source}/`)) this.#asked.delete(key);
  }

  /** Gives up what waits and closes the engine. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#cancelRetry();
    if (this.#stage) await this.#stage.stage.close();
    else await this.#options.engine.close();
    this.#told.complete();
  }

  /** Keyframes of a source are offered in their order, whatever order their pictures are ready in. */
  #enqueue(source: string, picked: Promise<Keyframe>, wallTimeMs: number): void {
    this.#encoding += 1;
    const before = this.#offers.get(source) ?? Promise.resolve();
    const evidence = picked.then((keyframe) => (this.#options.showFaces ? evidencePicture(keyframe) : null));
    const offered = Promise.all([picked, evidence, before])
      .then(([keyframe, evidenceJpeg]) => {
        // A camera that was removed meanwhile has another chain, or none.
        if (this.#offers.get(source) === undefined || this.#stage === null || this.#stopping.signal.aborted) return;
        this.#asked.set(keyOf(keyframe), { wallTimeMs, evidenceJpeg, open: this.#options.config.tasks.length });
        this.#stage.stage.offer(keyframe);
        this.#tellQueue();
      })
      .catch((error: unknown) => this.#warnOnce(`a keyframe could not be cut: ${String(error)}`))
      .finally(() => {
        this.#encoding -= 1;
      });
    this.#offers.set(source, offered);
  }

  async #probe(attempt: number): Promise<void> {
    const { engine, config, logger, telemetry } = this.#options;
    const about = `language model ${config.engine.model}`;
    try {
      const patience = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(config.engine.timeoutMs)]);
      const capabilities = await untilAborted(engine.probe(patience), patience, () => new Error('it does not answer'));
      if (this.#stopping.signal.aborted) return;
      const stage = new MllmStage({
        engine,
        capabilities,
        tasks: config.tasks,
        usePriors: config.priors,
        mode: 'live',
        evidence: { weight: config.fusion.weight },
        requestDeadlineMs: config.engine.timeoutMs,
        clock: this.#clock,
        onInsight: (insight) => this.#tell(insight),
        onDrop: ({ keyframe, reason }) => {
          this.#settle(keyframe);
          telemetry.mllmDropped(reason);
        },
        onBatch: (report) => this.#count(report),
      });
      this.#stage = { stage, capabilities };
      logger.info(`${about} answers`);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      if (attempt === 0) logger.warn(`${about} is not there: ${why}; trying again in the background`);
      const pauseMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
      this.#cancelRetry = this.#clock.after(pauseMs, () => void this.#probe(attempt + 1));
    }
  }

  #count({ size, tookMs, outcomes }: BatchReport): void {
    const { telemetry, engine } = this.#options;
    const tokens = { prompt: 0, completion: 0 };
    for (const outcome of outcomes) {
      if (outcome.kind !== 'ok') continue;
      tokens.prompt += outcome.answer.promptTokens ?? 0;
      tokens.completion += outcome.answer.completionTokens ?? 0;
    }
    const words = outcomes.map((outcome) => (outcome.kind === 'ok' ? 'ok' : outcome.reason));
    telemetry.mllmBatch({ engine: engine.id, tookMs, outcomes: words, tokens });
    this.#tellQueue();
    const failed = outcomes.find((outcome) => outcome.kind === 'failed' && outcome.reason !== 'cancelled');
    if (failed?.kind !== 'failed') return;
    this.#failures += 1;
    // 1, 10, 100 ...: an engine that is away must not fill the log.
    if (Number.isInteger(Math.log10(this.#failures))) {
      this.#options.logger.warn(
        `language model: ${counted(this.#failures, 'batch', 'batches')} of ${size} failed: ${failed.message}`,
      );
    }
  }

  #tellQueue(): void {
    this.#options.telemetry.mllmQueue(this.#stage?.stage.stats.waiting ?? 0);
  }

  #tell(insight: Insight): void {
    const asked = this.#settle(insight);
    if (asked === undefined) return; // of a camera that is gone
    const { wallTimeMs, evidenceJpeg } = asked;
    const { telemetry, config } = this.#options;
    telemetry.mllmClaims(insight.check);
    const evidence = insightEvidence(insight, { weight: config.fusion.weight });
    this.#told.next({ source: insight.source, insight, evidence, evidenceJpeg, wallTimeMs });
  }

  #settle(keyframe: Pick<Keyframe, 'source' | 'track' | 'ptsUs'>): Asked | undefined {
    const key = keyOf(keyframe);
    const asked = this.#asked.get(key);
    if (asked && --asked.open <= 0) this.#asked.delete(key);
    return asked;
  }

  #warnOnce(line: string): void {
    if (!this.#warned) this.#options.logger.warn(line);
    this.#warned = true;
  }
}
