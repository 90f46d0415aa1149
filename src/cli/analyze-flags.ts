import type { DecodeChoice } from '../domain/decoder.js';
import type { DetectorChoice } from '../domain/detector.js';
import type { DeviceChoice } from '../domain/device.js';
import type { LandmarkChoice } from '../domain/face.js';
import type { Turn } from '../domain/frame.js';
import type { MllmTask } from '../domain/insight.js';
import type { Mode } from '../domain/mode.js';
import type { ModelSize } from '../domain/model-size.js';
import type { PrecisionChoice } from '../domain/precision.js';
import type { SoundChoice } from '../domain/sound.js';
import type { OutputName } from '../outputs/outputs.js';
import type { EngineFlags } from './engine-options.js';
import type { LogFlags } from './log-flags.js';
import type { OutputFlags } from './output-flags.js';

/** The options of `mien analyze` as parsed, each checked by itself. */
export interface AnalyzeFlags extends EngineFlags, LogFlags, OutputFlags {
  readonly out: string;
  readonly formats: readonly OutputName[];
  readonly overlay?: string | true;
  readonly overwrite: boolean;
  readonly resume: boolean;
  /** Also the videos in subfolders. */
  readonly recursive: boolean;
  /** Videos analysed at once. */
  readonly jobs: number;
  readonly start?: number;
  readonly end?: number;
  readonly fps?: number;
  readonly stream?: number;
  readonly sound: SoundChoice;
  readonly rotate: 'auto' | `${Turn}`;
  /** FILE or FILE#CAMERA with masks and zones. */
  readonly zones?: string;
  readonly maxSide: number;
  readonly mode: Mode;
  readonly minFace: number;
  readonly detector: DetectorChoice;
  readonly landmarks: LandmarkChoice;
  readonly baseline: boolean;
  readonly model: ModelSize;
  readonly device: DeviceChoice;
  readonly precision: PrecisionChoice;
  readonly decode: DecodeChoice;
  /** FILE of a map of people. */
  readonly people?: string;
  readonly joinAppearance: boolean;
  /** In pictures, blur the faces that the map gives to nobody. */
  readonly blurOthers: boolean;
  readonly lanes?: number;
  readonly stats?: string;
  /** Left out: what the mode allows of the defaults. */
  readonly mllmTask?: readonly MllmTask[];
  readonly mllmPriors: boolean;
}
