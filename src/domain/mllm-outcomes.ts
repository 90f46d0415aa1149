import { ENGINE_FAILURES, type EngineOutcome } from './insight.js';

/** How a request to a multimodal LLM ended; a metric label. */
export type MllmOutcome = 'ok' | Extract<EngineOutcome, { kind: 'failed' }>['reason'];
/** Outcomes of questions that were given up: nothing failed. */
export const GIVEN_UP: readonly MllmOutcome[] = ['cancelled', 'superseded'];
/** Why a question got no insight; a metric label: the queue's reasons, and the engine's own. */
export const MLLM_DROPS = ['stale', 'queue-full', 'shutdown', ...ENGINE_FAILURES] as const;
export type MllmDrop = (typeof MLLM_DROPS)[number];
