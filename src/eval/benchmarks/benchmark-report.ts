import type { Adapters, EngineCapabilities } from '../../domain/insight.js';
import type { ClassificationMetrics } from '../metrics.js';
import type { PublishedRow, PublishedUnits } from './published.js';
import type { UnitsReport } from './unit-metrics.js';

export type BenchmarkId = 'faba' | 'feabench' | 'ferbench' | 'cer';

export interface PartCounts {
  readonly items: number;
  readonly answered: number;
  /** Requests the engine gave up on: no answer exists. */
  readonly failed: number;
  /** Answers that name nothing the question is about. */
  readonly unread: number;
  /** Answers that reached the longest length allowed. */
  readonly truncated: number;
}

/** One set or task of a benchmark. */
export interface PartReport {
  readonly part: string;
  readonly counts: PartCounts;
  /** What the numbers are called. */
  readonly columns: readonly string[];
  /** Percent, over all items, answers read as mien reads live ones: failed and unread ones are wrong. */
  readonly strict: readonly number[];
  /** Percent, as the paper's own script reads and counts: failed ones are left out (docs/eval.md says what else). */
  readonly asPublished: readonly number[];
  readonly published: readonly PublishedRow[];
  /** Strict; rows are `labels`. */
  readonly classification: { readonly labels: readonly string[]; readonly metrics: ClassificationMetrics } | null;
  /** Strict. */
  readonly units: UnitsReport | null;
  /** What sources report of each unit; empty where none does. */
  readonly publishedUnits: readonly PublishedUnits[];
}

/** One line of DIR/items.jsonl. */
export interface ItemRecord {
  readonly part: string;
  readonly number: number;
  readonly image: string;
  readonly truth: unknown;
  /** What mien read in the answer; null when nothing was. */
  readonly read: unknown;
  /** What the paper's script reads in it. */
  readonly readAsPublished: unknown;
  readonly correct: boolean;
  /** 0..1; null where no reference text exists, or no answer. */
  readonly rougeL: number | null;
  readonly answers: readonly string[];
  readonly failure: string | null;
}

export interface Scored {
  readonly parts: readonly PartReport[];
  readonly items: readonly ItemRecord[];
}

/** DIR/eval.json of a benchmark that asks a multimodal LLM (docs/eval.md). */
export interface BenchmarkReport {
  readonly schema: 'mien-benchmark/1';
  readonly mienVersion: string;
  readonly benchmark: BenchmarkId;
  readonly data: {
    readonly lists: readonly string[];
    readonly images: string;
    /** Items of each part at most, evenly spread; null: all. */
    readonly limit: number | null;
  };
  readonly engine: {
    readonly id: string;
    readonly model: string;
    /** Models that answered single tasks instead. */
    readonly adapters?: Adapters;
    readonly capabilities: EngineCapabilities;
  };
  /** Templates and versions that were asked. */
  readonly prompts: readonly string[];
  /** How pictures were made, e.g. "224x224". */
  readonly pictures: string;
  /** Whether what mien measured was told to the model. */
  readonly priors: boolean;
  /** Pictures without a face among those whose landmarks were sent as numbers; null: none were sent. */
  readonly landmarks: { readonly faceless: number } | null;
  /** FABA: whose ROUGE-L. */
  readonly rouge: string | null;
  readonly counts: PartCounts;
  /** Failed requests by reason. */
  readonly failures: Readonly<Record<string, number>>;
  /** Sums over the answers whose engine said; null when none did. */
  readonly tokens: { readonly prompt: number | null; readonly completion: number | null };
  readonly parts: readonly PartReport[];
}
