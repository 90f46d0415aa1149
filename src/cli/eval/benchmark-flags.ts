import type { PictureSize } from '../../eval/benchmarks/picture-source.js';
import type { RougeVariant } from '../../eval/benchmarks/rouge-l.js';
import type { AskingFlags } from '../asking-options.js';

/** What every benchmark of a multimodal LLM is told. */
export interface BenchmarkFlags extends AskingFlags {
  readonly limit?: number;
  readonly imageSize?: PictureSize;
  readonly priors: 'on' | 'off';
  readonly images?: string;
  readonly out: string;
  readonly resume?: true;
  readonly overwrite?: true;
}

export interface FerbenchMllmFlags extends BenchmarkFlags {
  readonly questions?: readonly string[];
}

export interface FabaFlags extends BenchmarkFlags {
  readonly emotions?: string;
  readonly units?: string;
  readonly rouge: RougeVariant;
}

export interface FeabenchFlags extends BenchmarkFlags {
  readonly annotations: string;
}

export interface RafCompoundFlags extends BenchmarkFlags {
  readonly annotations?: string;
  readonly split?: 'train' | 'test';
}
