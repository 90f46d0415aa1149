import { DECODERS, type Decoder } from '../domain/decoder.js';
import { EPISODE_KINDS } from '../domain/episode-kind.js';
import { CAMERA_STATUS, type CameraStatus, DROP_REASONS, SOURCE_END_REASONS } from '../domain/live.js';
import type { Episode } from '../domain/records.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { DeclaredRegistry } from './declared-registry.js';

type CameraTelemetry = Pick<
  Telemetry,
  | 'framesArrived'
  | 'frameDropped'
  | 'frameAnalysed'
  | 'stageDuration'
  | 'cameraStatus'
  | 'cameraDecoder'
  | 'cameraBehind'
  | 'reduction'
  | 'decodeError'
  | 'cameraEnded'
  | 'cameraRemoved'
  | 'episode'
>;

/** More cameras than a configuration may have (256): what keeps a mistake of ours from filling Prometheus. */
const MAX_CAMERAS = 512;
const STAGES = ['locate', 'read', 'advance', 'preview'] as const;
const PHASES: readonly Episode['phase'][] = ['new', 'update', 'end'];

/**
 * What happens at cameras. A camera exists from its first `cameraStatus` to `cameraRemoved`: what is told of others is
 * ignored, so that the label `camera` has only ids of cameras there are, and no series outlives its camera.
 */
export function recordCameras(to: DeclaredRegistry): CameraTelemetry {
  const cameras = new Set<string>();
  to.set('mien_reduction_level', 0);
  for (const stage of STAGES) to.zero('mien_stage_duration_seconds', { stage });
  return {
    framesArrived(camera, count) {
      if (cameras.has(camera)) to.add('mien_frames_received_total', { camera }, count);
    },
    frameDropped(camera, reason, count) {
      if (cameras.has(camera)) to.add('mien_frames_dropped_total', { camera, reason }, count);
    },
    frameAnalysed(camera, { faces, latencyMs }) {
      if (!cameras.has(camera)) return;
      to.add('mien_frames_analysed_total', { camera });
      to.set('mien_faces', faces, { camera });
      to.observe('mien_analysis_latency_seconds', latencyMs / 1000, { camera });
    },
    cameraBehind(camera, ms) {
      if (cameras.has(camera)) to.set('mien_camera_behind_seconds', ms / 1000, { camera });
    },
    reduction(level) {
      to.set('mien_reduction_level', level);
    },
    decodeError(camera) {
      if (cameras.has(camera)) to.add('mien_decode_errors_total', { camera });
    },
    stageDuration(stage, ms) {
      to.observe('mien_stage_duration_seconds', ms / 1000, { stage });
    },
    cameraStatus(camera, status, attempts) {
      if (!cameras.has(camera)) {
        if (status === 'stopped' || cameras.size >= MAX_CAMERAS) return;
        cameras.add(camera);
        showZeros(to, camera);
      }
      showStatus(to, { camera, status, attempts });
    },
    cameraDecoder(camera, decoder) {
      if (cameras.has(camera)) showDecoder(to, camera, decoder);
    },
    cameraEnded(camera, reason) {
      if (cameras.has(camera)) to.add('mien_camera_connections_ended_total', { camera, reason });
    },
    cameraRemoved(camera) {
      cameras.delete(camera);
      to.forgetCamera(camera);
    },
    episode(camera, kind, phase) {
      if (cameras.has(camera)) to.add('mien_episodes_total', { camera, kind, phase });
    },
  };
}

/** Every series of a camera from its first moment, so that rates and alerts have something to start from. */
function showZeros(to: DeclaredRegistry, camera: string): void {
  to.add('mien_frames_received_total', { camera }, 0);
  to.add('mien_frames_analysed_total', { camera }, 0);
  to.add('mien_decode_errors_total', { camera }, 0);
  for (const reason of DROP_REASONS) to.add('mien_frames_dropped_total', { camera, reason }, 0);
  for (const reason of SOURCE_END_REASONS) to.add('mien_camera_connections_ended_total', { camera, reason }, 0);
  for (const kind of EPISODE_KINDS)
    for (const phase of PHASES) to.add('mien_episodes_total', { camera, kind, phase }, 0);
  to.set('mien_camera_behind_seconds', 0, { camera });
  showDecoder(to, camera, null);
  to.set('mien_faces', 0, { camera });
  to.zero('mien_analysis_latency_seconds', { camera });
}

function showDecoder(to: DeclaredRegistry, camera: string, now: Decoder | null): void {
  for (const decoder of DECODERS) to.set('mien_camera_decoder', decoder === now ? 1 : 0, { camera, decoder });
}

function showStatus(
  to: DeclaredRegistry,
  now: { readonly camera: string; readonly status: CameraStatus; readonly attempts: number },
): void {
  const { camera, status, attempts } = now;
  to.set('mien_camera_attempts', attempts, { camera });
  to.set('mien_camera_up', status === 'running' ? 1 : 0, { camera });
  for (const each of CAMERA_STATUS) to.set('mien_camera_status', each === status ? 1 : 0, { camera, status: each });
  // Faces of the last frame before a loss are not there any more.
  if (status !== 'running') to.set('mien_faces', 0, { camera });
}
