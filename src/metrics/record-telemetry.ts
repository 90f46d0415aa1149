import { SKIP_REASONS } from '../domain/insight.js';
import { LATE_REFUSALS } from '../domain/late-evidence.js';
import {
  CAMERA_STATUS,
  type CameraStatus,
  DROP_REASONS,
  type MllmDrop,
  SOURCE_END_REASONS,
  type Telemetry,
} from '../domain/live.js';
import type { Episode, EpisodeKind } from '../domain/records.js';
import type { DeclaredRegistry } from './declared-registry.js';

/** More cameras than a configuration may have (256): what keeps a mistake of ours from filling Prometheus. */
const MAX_CAMERAS = 512;
/** Different values a free-text label may take; later ones are counted as "other". */
const MAX_NAMES = 64;
const STAGES = ['locate', 'read', 'advance', 'preview'] as const;
const KINDS: readonly EpisodeKind[] = ['emotion', 'blink', 'action-unit'];
const PHASES: readonly Episode['phase'][] = ['new', 'update', 'end'];
const LEFT = ['closed', 'slow', 'idle', 'protocol', 'shutdown'] as const;
const REFUSED = ['token', 'origin', 'rate', 'too-many-clients', 'payload', 'malformed'] as const;

const MLLM_DROPS: readonly MllmDrop[] = [
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
];

/** At most so many different names; later ones become "other". */
function boundedNames(): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= MAX_NAMES) return 'other';
    known.add(name);
    return name;
  };
}

/**
 * Writes what happens into the metrics. A camera exists from its first `cameraStatus` to `cameraRemoved`: what is told
 * of others is ignored, so that the label `camera` has only ids of cameras there are, and no series outlives its camera.
 */
export function recordTelemetry(to: DeclaredRegistry): Telemetry {
  const cameras = new Set<string>();
  const routes = boundedNames();
  const messageKinds = boundedNames();
  const engines = boundedNames();
  let clients = 0;

  const showClients = (change: number): void => {
    clients = Math.max(0, clients + change);
    to.set('mien_ws_clients', clients);
  };
  const add = (camera: string): void => {
    cameras.add(camera);
    to.add('mien_frames_received_total', { camera }, 0);
    to.add('mien_frames_analysed_total', { camera }, 0);
    to.add('mien_decode_errors_total', { camera }, 0);
    for (const reason of DROP_REASONS) to.add('mien_frames_dropped_total', { camera, reason }, 0);
    for (const reason of SOURCE_END_REASONS) to.add('mien_camera_connections_ended_total', { camera, reason }, 0);
    for (const kind of KINDS) for (const phase of PHASES) to.add('mien_episodes_total', { camera, kind, phase }, 0);
    to.set('mien_camera_behind_seconds', 0, { camera });
    to.set('mien_faces', 0, { camera });
    to.zero('mien_analysis_latency_seconds', { camera });
  };
  const showStatus = (camera: string, status: CameraStatus, attempts: number): void => {
    to.set('mien_camera_attempts', attempts, { camera });
    to.set('mien_camera_up', status === 'running' ? 1 : 0, { camera });
    for (const each of CAMERA_STATUS) to.set('mien_camera_status', each === status ? 1 : 0, { camera, status: each });
    // Faces of the last frame before a loss are not there any more.
    if (status !== 'running') to.set('mien_faces', 0, { camera });
  };

  showClients(0);
  for (const stage of STAGES) to.zero('mien_stage_duration_seconds', { stage });
  for (const reason of LEFT) to.add('mien_ws_clients_left_total', { reason }, 0);
  for (const reason of REFUSED) to.add('mien_refused_total', { reason }, 0);

  to.set('mien_mllm_queue', 0);
  to.zero('mien_mllm_batch_size');
  for (const kind of ['prompt', 'completion']) to.add('mien_mllm_tokens_total', { kind }, 0);
  for (const reason of SKIP_REASONS) to.add('mien_mllm_skipped_total', { reason }, 0);
  for (const reason of MLLM_DROPS) to.add('mien_mllm_dropped_total', { reason }, 0);
  for (const outcome of ['agreed', 'contradicted', 'unverifiable']) to.add('mien_mllm_claims_total', { outcome }, 0);
  for (const outcome of ['accepted', ...LATE_REFUSALS]) to.add('mien_mllm_fused_total', { outcome }, 0);

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
    decodeError(camera) {
      if (cameras.has(camera)) to.add('mien_decode_errors_total', { camera });
    },
    stageDuration(stage, ms) {
      to.observe('mien_stage_duration_seconds', ms / 1000, { stage });
    },
    cameraStatus(camera, status, attempts) {
      if (!cameras.has(camera)) {
        if (status === 'stopped' || cameras.size >= MAX_CAMERAS) return;
        add(camera);
      }
      showStatus(camera, status, attempts);
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
    mllmBatch({ engine: name, tookMs, outcomes, tokens }) {
      const engine = engines(name);
      for (const outcome of outcomes) to.add('mien_mllm_requests_total', { engine, outcome });
      to.observe('mien_mllm_request_duration_seconds', tookMs / 1000, { engine });
      to.observe('mien_mllm_batch_size', outcomes.length);
      to.add('mien_mllm_tokens_total', { kind: 'prompt' }, tokens.prompt);
      to.add('mien_mllm_tokens_total', { kind: 'completion' }, tokens.completion);
    },
    mllmQueue(waiting) {
      to.set('mien_mllm_queue', waiting);
    },
    mllmSkipped(reason) {
      to.add('mien_mllm_skipped_total', { reason });
    },
    mllmDropped(reason) {
      to.add('mien_mllm_dropped_total', { reason });
    },
    mllmClaims({ agreed, contradicted, unverifiable }) {
      for (const [outcome, units] of Object.entries({ agreed, contradicted, unverifiable })) {
        to.add('mien_mllm_claims_total', { outcome }, units.length);
      }
    },
    mllmFused(outcome) {
      to.add('mien_mllm_fused_total', { outcome });
    },
    messageSent(kind) {
      to.add('mien_ws_messages_sent_total', { kind: messageKinds(kind) });
    },
    messageDropped(kind, reason) {
      to.add('mien_ws_messages_dropped_total', { kind: messageKinds(kind), reason });
    },
    clientConnected() {
      to.add('mien_ws_clients_connected_total');
      showClients(1);
    },
    clientLeft(reason) {
      to.add('mien_ws_clients_left_total', { reason });
      showClients(-1);
    },
    deliveryLatency(ms) {
      to.observe('mien_delivery_latency_seconds', ms / 1000);
    },
    httpRequest(route, status) {
      to.add('mien_http_requests_total', { route: routes(route), status: statusLabel(status) });
    },
    refused(reason) {
      to.add('mien_refused_total', { reason });
    },
  };
}

const statusLabel = (status: number): string =>
  Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : 'other';
