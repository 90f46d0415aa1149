import type { CompoundExpression } from '../../domain/insight.js';
import type { EmolaEmotion } from './emola-words.js';

/** What all benchmarks know of one thing they measure. */
export interface BenchmarkItem {
  /** Which of the benchmark's sets or tasks it belongs to, as tables show it. */
  readonly part: string;
  /** Its place in its file, from 1. With `part`, what names it. */
  readonly number: number;
  /** Path inside the folder of images; it does not leave it. */
  readonly image: string;
}

/** FABA-Bench: one face and one text about it. */
export interface FabaItem extends BenchmarkItem {
  readonly part: 'emotion' | 'action units';
  /** The text of GPT-4V that answers are compared with. */
  readonly reference: string;
  /** What a training file asks; null in an evaluation file. */
  readonly question: string | null;
  /** File with the numbers of its facial prior, as the list names it. */
  readonly landmark: string | null;
  readonly truth:
    | { readonly kind: 'emotion'; readonly emotion: EmolaEmotion }
    | {
        readonly kind: 'units';
        readonly units: readonly string[];
        /** What EmoLA's script reads in the same label. */
        readonly unitsAsPublished: readonly string[];
      };
}

/** FEABench: one face with an expert's emotion and action units. */
export interface FeabenchItem extends BenchmarkItem {
  readonly emotion: EmolaEmotion;
  /** FACS numbers, rising. */
  readonly units: readonly string[];
}

/** FERBench: one question, in its own words. */
export interface FerbenchItem extends BenchmarkItem {
  readonly prompt: string;
  readonly candidates: readonly string[];
  /** One of the candidates. */
  readonly label: string;
  /** The same as an index in EMOTIONS. */
  readonly truth: number;
}

/** Compound expressions: one face or frame. */
export interface CompoundItem extends BenchmarkItem {
  readonly truth: CompoundExpression;
}
