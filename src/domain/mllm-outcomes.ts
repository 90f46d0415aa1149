import type { EngineOutcome } from './insight.js';

/** How a request to a multimodal LLM ended; a metric label. */
export type MllmOutcome = 'ok' | Extract<EngineOutcome, { kind: 'failed' }>['reason'];
/** Why a question got no insight; a metric label: the queue's reasons, and the engine's own. */
export const MLLM_DROPS = [
  'superseded',
  'stale',
  'queue-full',
  'shutdown',
  'unreachable',
  'timeout',
  'overloaded',
  'refused',
  'malformed',
  'cancelled',
  'circuit-open',
] as const satisfies readonly ('superseded' | 'stale' | 'queue-full' | 'shutdown' | Exclude<MllmOutcome, 'ok'>)[];
export type MllmDrop = (typeof MLLM_DROPS)[number];
