import type { CameraConfig, CameraState, SourceEnd } from '../domain/live.js';
import { cameraAddress } from '../source/camera/redact.js';

function stateOf(config: CameraConfig, since: Date): Omit<CameraState, 'status' | 'lastEnd'> {
  return {
    id: config.id,
    name: config.name,
    inputType: config.input.type,
    address: cameraAddress(config.input),
    since: since.toISOString(),
    retryAt: null,
    attempts: 0,
    reconnects: 0,
    decodeErrors: 0,
    damagedSince: null,
    behindSince: null,
    behindMs: null,
    reduced: null,
    stream: null,
  };
}

/** State of a camera that the node which holds it refuses to open; `why` has no credentials. */
export function failedState(config: CameraConfig, why: string): CameraState {
  return { ...stateOf(config, new Date()), status: 'failed', lastEnd: { reason: 'unusable', message: why } };
}

/** State of a camera that a node is about to read. */
export function startingState(config: CameraConfig): CameraState {
  return { ...stateOf(config, new Date()), status: 'starting', lastEnd: null };
}

const NOBODY: SourceEnd = {
  reason: 'unreachable',
  message: 'no machine reads it: none with the role ingest is there, or each has as many cameras as it may',
};

/** State of a camera that no node holds. */
export function orphanedState(config: CameraConfig, since: Date): CameraState {
  return { ...stateOf(config, since), status: 'waiting', lastEnd: NOBODY };
}
