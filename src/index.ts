/// <reference types="node" preserve="true" />
/**
 * The package's public list: analyse a video from a program, and the types of what comes out.
 *
 * @module mien-faces
 */

export * from './domain/affect.js';
export type { Area, Areas, Corner } from './domain/areas.js';
export { DECODE_CHOICES, DECODERS, type DecodeChoice, type Decoder, type SettledDecoder } from './domain/decoder.js';
export { DETECTORS, type DetectorChoice } from './domain/detector.js';
export { DEVICE_CHOICES, DEVICES, type Device, type DeviceChoice, type SettledDevice } from './domain/device.js';
export { EPISODE_KINDS } from './domain/episode-kind.js';
export { AffectError, ERRORS, type ErrorCode } from './domain/errors.js';
export type * from './domain/face.js';
export { MODEL_SIZES, type ModelSize } from './domain/model-size.js';
export {
  PRECISION_CHOICES,
  PRECISIONS,
  type Precision,
  type PrecisionChoice,
  type SettledPrecision,
} from './domain/precision.js';
export type { OtherReason } from './domain/record-fields.js';
export type {
  Episode,
  EpisodeKind,
  FaceRecord,
  MissingReason,
  ModelUse,
  RunInfo,
  RunSummary,
} from './domain/records.js';
export type { Settled } from './domain/settled.js';
export type { SoundChoice } from './domain/sound.js';
export type { Micros, Probability, Radians } from './domain/units.js';
export type { OutputName } from './outputs/outputs.js';
export type { MapRow, PeopleMap } from './people/people-map.js';
export { type ModelRuntime, type RuntimeOptions, startRuntime } from './pipeline/model-runtime.js';
export { type AnalysisItem, type AnalyzeOptions, analyze } from './recording/analyze.js';
export { type AnalysisEvent, analyzeVideo } from './recording/analyze-video.js';
export type { AnalyzeVideoOptions } from './recording/analyze-video-options.js';
export type { MayBeSeen } from './recording/hide-others.js';
export { type OutputPlan, planOutputs } from './recording/output-plan.js';
export { READING_DEFAULTS, type ReadingOptions } from './recording/reading-options.js';
