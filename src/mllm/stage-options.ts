import { AffectError } from '../domain/errors.js';
import type { EngineCapabilities, EngineOutcome, Keyframe, MllmEngine, MllmTask, Writing } from '../domain/insight.js';
import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import type { MllmDrop } from '../domain/mllm-outcomes.js';
import type { Prompts } from '../domain/prompt-template.js';
import { type Clock, SYSTEM_CLOCK } from '../rx/clock.js';
import { BATCH_DEFAULTS, type BatchOptions } from './batch.js';
import type { EvidenceOptions } from './evidence.js';
import type { Answered } from './job.js';
import { LIMITER_DEFAULTS, type LimiterOptions } from './limiter.js';
import { taskPrompt } from './prompts/presets.js';
import type { EngineRates, EngineTally } from './tally.js';

/** What came of a question, and how long the engine took for it; for metrics. */
export interface OutcomeReport {
  readonly outcome: EngineOutcome;
  readonly tookMs: number;
}

export interface MllmStageOptions<K extends Keyframe = Keyframe> {
  readonly engine: MllmEngine;
  /** What probe() found. */
  readonly capabilities: EngineCapabilities;
  /** What is asked about every keyframe. */
  readonly tasks: readonly MllmTask[];
  /** The question of a task. Default: the presets. */
  readonly prompts?: Prompts;
  /** Side of the pictures of questions that name none, as the keyframes were cut. Default MLLM_DEFAULTS. */
  readonly imagePx?: number;
  /** Tell what was measured in the question, half of the units at a time (told-priors.ts). Default MLLM_DEFAULTS. */
  readonly usePriors?: boolean;
  /**
   * 'live': newest wins; a full queue drops its oldest question, and what is too old is cancelled. 'offline': nothing is
   * dropped while the engine lives: wait for room() before each offer; failures that may pass are asked again.
   */
  readonly mode: 'live' | 'offline';
  /** Questions (keyframes times tasks) that may wait. Default 64. */
  readonly queueCapacity?: number;
  /** Questions not yet given back, waiting, asked, or held for their order. Default 512. */
  readonly maxOpen?: number;
  readonly batch?: Partial<BatchOptions>;
  readonly limiter?: Partial<LimiterOptions>;
  /** Longest wait for one call. Default MLLM_DEFAULTS.timeoutMs. */
  readonly requestDeadlineMs?: number;
  /** Live: age of a keyframe at which its questions are given up, counted from its offer. Default 20,000. */
  readonly maxAgeMs?: number;
  /** Offline: times a question is asked when the engine fails in a way that may pass. Default 6, after 1, 2, 4 ... s. */
  readonly maxAttempts?: number;
  /** How much an insight counts beside the measurement in its `fused`. Default: EVIDENCE_DEFAULTS. */
  readonly evidence?: Partial<EvidenceOptions>;
  readonly clock?: Clock;
  /** Offline in order of media time within a source, live as they come. */
  readonly onInsight: (answered: Answered<K>) => void;
  /** Live: takes answers while they are written, from engines that tell; without it none is asked to. */
  readonly onWriting?: ((writing: Writing, keyframe: K) => void) | null;
  readonly onDrop?: (drop: { readonly keyframe: K; readonly task: MllmTask; readonly reason: MllmDrop }) => void;
  /** Questions that were put together. */
  readonly onBatch?: (size: number) => void;
  readonly onOutcome?: (report: OutcomeReport) => void;
}

/** What the stage has done so far, and its state now. */
export interface MllmStats {
  readonly waiting: number;
  readonly inFlight: number;
  /** Answers that wait for an earlier question of their source. */
  readonly held: number;
  /** Requests that may be in flight now. */
  readonly limit: number;
  readonly requests: number;
  readonly batches: number;
  readonly insights: number;
  readonly drops: Readonly<Partial<Record<MllmDrop, number>>>;
  readonly tokens: { readonly prompt: number; readonly completion: number };
  readonly tally: EngineTally;
  readonly rates: EngineRates;
  /** One line about the last failure; null while there was none. */
  readonly lastFailure: string | null;
}

export interface ResolvedStageOptions<K extends Keyframe = Keyframe>
  extends Required<Omit<MllmStageOptions<K>, 'prompts' | 'batch' | 'limiter'>> {
  readonly prompts: Prompts;
  readonly batch: BatchOptions;
  readonly limiter: LimiterOptions;
}

/** Fills the defaults. Throws CONFIG_INVALID that names the option, its range and the value. */
export function resolveStageOptions<K extends Keyframe>(options: MllmStageOptions<K>): ResolvedStageOptions<K> {
  const resolved: ResolvedStageOptions<K> = {
    ...options,
    prompts: Object.fromEntries(options.tasks.map((task) => [task, taskPrompt(task, options.prompts)])),
    imagePx: options.imagePx ?? MLLM_DEFAULTS.imagePx,
    usePriors: options.usePriors ?? MLLM_DEFAULTS.priors,
    queueCapacity: options.queueCapacity ?? 64,
    maxOpen: options.maxOpen ?? 512,
    batch: { ...BATCH_DEFAULTS, ...(options.capabilities.ownBatches ? { maxWaitMs: 0 } : {}), ...options.batch },
    limiter: { ...LIMITER_DEFAULTS, ...options.limiter },
    requestDeadlineMs: options.requestDeadlineMs ?? MLLM_DEFAULTS.timeoutMs,
    maxAgeMs: options.maxAgeMs ?? 20_000,
    maxAttempts: options.maxAttempts ?? 6,
    evidence: options.evidence ?? {},
    clock: options.clock ?? SYSTEM_CLOCK,
    onWriting: options.onWriting ?? null,
    onDrop: options.onDrop ?? (() => undefined),
    onBatch: options.onBatch ?? (() => undefined),
    onOutcome: options.onOutcome ?? (() => undefined),
  };
  const { tasks, queueCapacity, maxOpen, batch, limiter } = resolved;
  const require = (holds: boolean, name: string, range: string, value: number): void => {
    if (!holds) throw new AffectError('CONFIG_INVALID', `mllm ${name} must be ${range}, got ${value}`);
  };
  require(tasks.length > 0, 'tasks', 'at least one', tasks.length);
  require(queueCapacity >=
    tasks.length, 'queueCapacity', `at least the number of tasks (${tasks.length})`, queueCapacity);
  require(maxOpen >= queueCapacity, 'maxOpen', 'at least queueCapacity', maxOpen);
  require(batch.maxItems >= 1, 'batch.maxItems', 'at least 1', batch.maxItems);
  require(batch.maxWaitMs >= 0, 'batch.maxWaitMs', 'at least 0', batch.maxWaitMs);
  require(limiter.min >= 1, 'limiter.min', 'at least 1', limiter.min);
  require(limiter.max >= limiter.min, 'limiter.max', 'at least limiter.min', limiter.max);
  require(limiter.decrease > 0 && limiter.decrease < 1, 'limiter.decrease', 'above 0 and below 1', limiter.decrease);
  for (const name of ['requestDeadlineMs', 'maxAgeMs', 'maxAttempts'] as const)
    require(resolved[name] > 0, name, 'above 0', resolved[name]);
  return resolved;
}
