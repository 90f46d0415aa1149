import type { LandmarkChoice } from '../domain/face.js';
import type { ModelRuntime } from '../pipeline/model-runtime.js';
import type { Format } from '../sinks/formats.js';
import type { AskOptions } from './ask-keyframes.js';
import type { OutputPlan } from './output-plan.js';
import type { ReadingOptions } from './reading-options.js';

/** What `analyzeVideo` reads, and what it writes. */
export interface AnalyzeVideoOptions {
  readonly runtime: ModelRuntime;
  readonly plan: OutputPlan;
  readonly reading: ReadingOptions;
  readonly formats: readonly (Format | 'report')[];
  readonly landmarks: LandmarkChoice;
  /** Video with the results drawn on it; null for none. */
  readonly overlayPath: string | null;
  readonly overwrite: boolean;
  readonly resume: boolean;
  /** Ask a multimodal LLM about keyframes. @default null */
  readonly ask?: AskOptions | null;
}
