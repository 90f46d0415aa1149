/// <reference types="node" preserve="true" />
/** The package's public list: analyse a video from a program, and the types of what comes out. */
export { type AnalysisEvent, analyzeVideo } from './analysis/analyze-video.js';
export type { AnalyzeVideoOptions } from './analysis/analyze-video-options.js';
export { type DetectorChoice, type Engine, type EngineOptions, startEngine } from './analysis/engine.js';
export { type OutputPlan, planOutputs } from './analysis/output-plan.js';
export type { ReadingOptions } from './analysis/reading-options.js';
export * from './domain/affect.js';
export { AffectError, ERRORS, type ErrorCode } from './domain/errors.js';
export type * from './domain/face.js';
export type { Episode, EpisodeKind, FaceRecord, MissingReason, RunInfo, RunSummary } from './domain/records.js';
export type { Micros, Probability, Radians } from './domain/units.js';
