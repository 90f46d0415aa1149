import type { CameraState } from '../../src/domain/live.js';

/** A camera that runs, without anything that went wrong. */
export const cameraState = (id: string, more: Partial<CameraState> = {}): CameraState => ({
  id,
  name: id,
  status: 'running',
  inputType: 'push',
  address: 'pushed',
  since: '2026-01-15T09:30:00.000Z',
  lastEnd: null,
  retryAt: null,
  attempts: 0,
  reconnects: 0,
  decodeErrors: 0,
  damagedSince: null,
  behindSince: null,
  behindMs: null,
  reduced: null,
  stream: null,
  ...more,
});
