import type { SettledDecoder } from '../domain/decoder.js';
import type { LandmarkChoice } from '../domain/face.js';
import type { OutputName } from '../outputs/outputs.js';
import type { PeopleMap } from '../people/people-map.js';
import type { ModelRuntime } from '../pipeline/model-runtime.js';
import type { AskOptions } from './ask-keyframes.js';
import type { BegunRecording } from './begin-recording.js';
import type { MayBeSeen } from './hide-others.js';
import type { OutputPlan } from './output-plan.js';
import type { ReadingOptions } from './reading-options.js';

/** What `analyzeVideo` reads, and what it writes. */
export interface AnalyzeVideoOptions {
  readonly runtime: ModelRuntime;
  readonly plan: OutputPlan;
  readonly reading: ReadingOptions;
  /** What decodes the video. @default software */
  readonly decoder?: SettledDecoder;
  /** What is written, by the names of `--formats`. */
  readonly formats: readonly OutputName[];
  readonly landmarks: LandmarkChoice;
  /** Where the overlay goes: asks for it. Null: beside the other files, when it is among the formats. */
  readonly overlayPath: string | null;
  /** Replaces what is there; with `resume`, only what cannot be continued. */
  readonly overwrite: boolean;
  readonly resume: boolean;
  /** Who is who where mien did not see it. @default null */
  readonly peopleMap?: PeopleMap | null;
  /** Also join tracks whose faces look alike: compared in memory, never stored. @default false */
  readonly joinAppearance?: boolean;
  /** Whose faces may be seen in pictures (report, overlay, evidence of answers): all others are blurred. @default all */
  readonly mayBeSeen?: MayBeSeen | null;
  /** The same video, begun before: it is taken over, and ended. @default begun now @internal */
  readonly begun?: BegunRecording;
  /** Ask a multimodal LLM about keyframes. @default null */
  readonly ask?: AskOptions | null;
}
