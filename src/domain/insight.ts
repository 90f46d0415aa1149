import type { Emotion } from './affect.js';
import type { CompoundExpression, Degree, NO_COMPOUND } from './answer-words.js';
import type { ClaimCheck } from './claim-check.js';
import type { EpisodeKind } from './episode-kind.js';
import type { HeadPose, MeshPoints } from './face.js';
import type { FaceReadings } from './face-readings.js';
import type { KeyframeReason } from './keyframe-reasons.js';
import type { LateRefusal } from './late-evidence.js';
import type { InsightTask } from './mllm-tasks.js';
import type { AnswerForm, LabelMember, PromptExample, Prompts } from './prompt-template.js';
import type { Micros, Probability } from './units.js';

export {
  CANNOT_TELL,
  COMPOUND_EXPRESSIONS,
  type CompoundExpression,
  DEGREES,
  type Degree,
  NO_COMPOUND,
} from './answer-words.js';
export { CLAIM_VERDICTS, type ClaimCheck, type ClaimVerdict } from './claim-check.js';
export { KEYFRAME_REASONS, type KeyframeReason, SKIP_REASONS, type SkipReason } from './keyframe-reasons.js';
export {
  AU_ONLY_TASKS,
  DEFAULT_TASKS,
  INSIGHT_TASKS,
  type InsightTask,
  MEASURED_TASKS,
  MLLM_TASKS,
  type MllmTask,
} from './mllm-tasks.js';

/** Sentences made from the measurements themselves, by a template: no model is asked. Also the id of that engine. */
export const MEASURED = 'measured';
/** What words come from: measurements alone, servers with an OpenAI-compatible interface, or a model inside this process. */
export const MLLM_ENGINES = [MEASURED, 'openai', 'transformers', 'mien-vlm'] as const;
export type MllmEngineType = (typeof MLLM_ENGINES)[number];

/** Those that put questions to a model. */
export const MODEL_ENGINES: readonly MllmEngineType[] = MLLM_ENGINES.filter((engine) => engine !== MEASURED);

/** Whether words only repeat what was measured: a template wrote them, and nothing checks them independently. */
export const isTemplate = ({ engine }: { readonly engine: string }): boolean => engine === MEASURED;

/** What was measured at a keyframe; may be put into the prompt, and is what claims are checked against. */
export interface MeasuredPriors {
  /** Smoothed probabilities over EMOTIONS; null in AU-only mode or without a reading. */
  readonly emotions: readonly number[] | null;
  /** By FACS number (both sides together: "12"): probability of presence and intensity 0..5; null without a reading. */
  readonly actionUnits: Readonly<Record<string, { readonly presence: number; readonly intensity: number }>> | null;
  /** FACS numbers the model reads, but not here: something covers what they need. */
  readonly covered: readonly string[];
  readonly pose: HeadPose | null;
  /** 0..1; null when no crop was sampled. */
  readonly sharpness: number | null;
}

/** A face picked for the MLLM. Its pictures left the frame at once: no frame is held. */
export interface Keyframe {
  readonly source: string;
  readonly track: number;
  readonly frame: number;
  readonly ptsUs: Micros;
  readonly reason: KeyframeReason;
  /** Episode it belongs to, where there is one. */
  readonly episode: { readonly id: string; readonly kind: EpisodeKind; readonly label: string } | null;
  readonly priors: MeasuredPriors;
  /** All that was measured, for words that are made of it. */
  readonly readings: FaceReadings;
  /** Its place among the keyframes of its track, from 0: which half of the measured units a question tells follows it. */
  readonly ordinal: number;
  /** JPEG of the face, upright and aligned. */
  readonly faceJpeg: Uint8Array;
  /** JPEGs that questions are about, by what they want (src/mllm/picture-wants.ts), in the order they are sent. */
  readonly pictures: Readonly<Record<string, readonly Uint8Array[]>>;
  /** Its mesh, as `EngineEvidence` has it. */
  readonly mesh: MeshPoints | null;
}

/** What an engine can do, found out when it is probed. */
export interface EngineCapabilities {
  readonly logProbabilities: boolean;
  /** An answer is held to a JSON Schema; to one of several texts; to a regular expression. */
  readonly jsonSchema: boolean;
  readonly choice: boolean;
  readonly regex: boolean;
  /** An adapter is chosen by the model's name in the request. */
  readonly loraByModel: boolean;
  /** The answer may be begun for the model (assistant prefill). */
  readonly prefill: boolean;
  readonly severalImages: boolean;
  /** It takes numbers beside the words (`EngineRequest.evidence`): all, or the mesh alone, so that no measured unit is told. */
  readonly numericPriors: boolean | 'mesh';
  /** It makes batches of what comes by itself: questions are sent as they come, and not held back for others. */
  readonly ownBatches: boolean;
  /** It answers from measurements alone and is told all of them, so that nothing it says is checked or weighed in. Left out: no. */
  readonly readings?: boolean;
}

/**
 * Numbers of a keyframe, for engines that take them beside words and pictures. Of action units only those that the
 * question tells, since a model may repeat them: the others are kept for the check.
 */
export interface EngineEvidence extends Pick<MeasuredPriors, 'actionUnits' | 'pose' | 'sharpness'> {
  /**
   * 468 points, interleaved x, y, z, in the picture of the face: x and y 0..1 from its left upper corner, z on the same
   * scale, negative towards the camera. Null where there is none.
   */
  readonly mesh: MeshPoints | null;
  /** Height by width of the picture that the mesh was found in. Left out: 1, as pictures of keyframes are squares. */
  readonly aspect?: number;
}

/** One question about one keyframe, ready for an engine. */
export interface EngineRequest {
  readonly task: InsightTask;
  /** Template and version, e.g. "unifer-question@1". */
  readonly promptId: string;
  readonly system: string | null;
  readonly user: string;
  /** JPEGs, in the order the prompt speaks of them. */
  readonly images: readonly Uint8Array[];
  /** Null for engines that take none. */
  readonly evidence: EngineEvidence | null;
  /** Questions answered before, shown as turns; without pictures. */
  readonly examples: readonly PromptExample[];
  /** What the answer is held to: only a form the engine can keep. */
  readonly form: AnswerForm;
  /** Label path: one of these, with probabilities where the engine can; null for free text. */
  readonly labels: readonly string[] | null;
  readonly prefill: string | null;
  readonly maxTokens: number;
  /** Label path and caption in one pass: the member of a JSON answer whose probabilities are wanted. Left out: none is. */
  readonly labelMember?: LabelMember;
  /** Which model of the engine answers; left out: the engine's `model`. */
  readonly model?: string;
  /** All that was measured; left out for engines that take none (`EngineCapabilities.readings`). */
  readonly readings?: FaceReadings;
  /** What a person asks, in their words; only of the task `asked`. */
  readonly question?: string;
}

export interface EngineAnswer {
  readonly text: string;
  /** Probability per label, when labels were asked for, or a `labelMember`, and the engine gave log-probabilities. */
  readonly labelProbabilities: Readonly<Record<string, number>> | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** The answer was cut off at maxTokens. */
  readonly truncated: boolean;
}

/** How a question to an engine can fail. `superseded`: a newer one about the same face took its place. */
export const ENGINE_FAILURES = [
  'unreachable',
  'timeout',
  'overloaded',
  'refused',
  'malformed',
  'superseded',
  'cancelled',
  'circuit-open',
] as const;

/** How one request ended: errors are values, one bad answer never ends a batch. */
export type EngineOutcome =
  | { readonly kind: 'ok'; readonly answer: EngineAnswer }
  | {
      readonly kind: 'failed';
      readonly reason: (typeof ENGINE_FAILURES)[number];
      /** One line without keys, prompts or pictures. */
      readonly message: string;
      readonly retryable: boolean;
    };

/** One question put to an engine. */
export interface EngineCall {
  readonly request: EngineRequest;
  /** Aborted when its answer is not waited for any more: its generation ends where that is possible, others go on. */
  readonly signal: AbortSignal;
  /** Takes the answer so far, again and again as it is written, from engines that tell it; never after the outcome. */
  readonly onText?: (soFar: string) => void;
  /** Whose face it is about, for engines that keep the newest question of a face alone. Left out: of no face that is known. */
  readonly face?: Pick<Keyframe, 'source' | 'track'>;
}

/** Names of models by the task that they answer. */
export type Adapters = Readonly<Partial<Record<InsightTask, string>>>;

/** The model that answers a task. */
export const modelOf = ({ model, adapters }: Pick<MllmEngine, 'model' | 'adapters'>, task: InsightTask): string =>
  adapters?.[task] ?? model;

/** A served or in-process multimodal LLM. */
export interface MllmEngine {
  readonly id: string;
  readonly model: string;
  /** Models beside `model` that answer single tasks, such as adapters of the same server. Default: none. */
  readonly adapters?: Adapters;
  /** Questions in the words its model was taught, in place of the presets. Default: none. */
  readonly prompts?: Prompts;
  /** Asks what it can do. Throws SERVER_UNREACHABLE, CONFIG_INVALID or MODEL_INVALID with one line. */
  probe(signal: AbortSignal): Promise<EngineCapabilities>;
  /**
   * Puts questions at once, as one batch where the engine makes batches of what it is given. One outcome per call, in
   * order, each settled as soon as that question is; they never reject.
   */
  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[];
  close(): Promise<void>;
}

/** The measured emotion of a keyframe with what a multimodal LLM said of it weighed in (src/mllm/fuse-insight.ts). */
export interface FusedEstimate {
  /** The most probable, and how probable it is. */
  readonly emotion: Emotion;
  readonly probability: Probability;
  /** How much the insight counted beside the measurement. */
  readonly weight: Probability;
}

/** What became of an insight in its track's estimate: frames after it, never those before. */
export interface InsightFusion {
  readonly outcome: 'accepted' | 'refused';
  /** Why it was refused; null when it was not. */
  readonly reason: LateRefusal | null;
  readonly weight: Probability;
  /** Its weight falls to about 1/e at this distance from its frame in media time, and to 0 at three times it. */
  readonly decaySeconds: number;
  /** The episode that goes on and covers its frame; null: none does. */
  readonly episodeId: string | null;
}

/** An answer while it is written: what it says so far, not checked yet. Its insight follows, or nothing. */
export interface Writing extends Pick<Insight, 'source' | 'track' | 'ptsUs' | 'task' | 'emotion'> {
  readonly text: string;
}

/** What a multimodal LLM said of one keyframe. Its words are claims, checked against measurements, never facts. */
export interface Insight {
  readonly v: 2;
  /** `<source>/<track>/insight/<ordinal>`. */
  readonly id: string;
  readonly source: string;
  readonly track: number;
  /** Media time of the evidence. */
  readonly ptsUs: Micros;
  readonly task: InsightTask;
  /** What a person asked; left out where nobody did. */
  readonly question?: string;
  readonly promptId: string;
  readonly engine: string;
  readonly model: string;
  readonly reason: KeyframeReason;
  readonly episodeId: string | null;
  /** Null when the answer names none, or could not be read. */
  readonly emotion: Emotion | null;
  /** Probability of `emotion`; null where the engine told none. */
  readonly confidence: Probability | null;
  /** Another emotion that is mixed into it; null when none is named. */
  readonly secondEmotion: Emotion | null;
  /** How strong the expression is said to be; null where nothing is said. */
  readonly degree: Degree | null;
  /** It answers that it cannot tell. */
  readonly cannotTell: boolean;
  /** 'none': asked, and the face mixes no two expressions. */
  readonly compound: CompoundExpression | typeof NO_COMPOUND | null;
  /** FACS numbers claimed, rising. */
  readonly claimedActionUnits: readonly string[];
  /** FACS numbers whose measurement was in the question, rising; empty where nothing was told. */
  readonly toldActionUnits: readonly string[];
  readonly description: string | null;
  readonly reasoning: string | null;
  /** How the answer was read: a JSON object, tags, words; or that it could not be. */
  readonly parsed: 'json' | 'tags' | 'text' | 'label' | 'unparsable';
  readonly check: ClaimCheck;
  /**
   * Whether `emotion` is the one measured at that time, of which a question never tells; null where it cannot be
   * checked: either is missing, or the measured shares are too close to call.
   */
  readonly agreesWithMeasured: boolean | null;
  /** Both together at that time; null where either is missing, or insights are not weighed in. */
  readonly fused: FusedEstimate | null;
  /** From the keyframe's selection to the answer. */
  readonly latencyMs: number;
  readonly tokens: { readonly prompt: number | null; readonly completion: number | null };
}
