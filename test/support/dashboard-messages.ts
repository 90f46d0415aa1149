import type {
  CameraState,
  EpisodeMessage,
  FacesMessage,
  StatsMessage,
  Welcome,
} from '../../dashboards/web/src/model/wire.js';
import type { FaceRecord } from '../../src/domain/records.js';
import { recordLine } from '../../src/record/record-json.js';
import { plainState } from '../../src/server/encode.js';
import { cameraState as runningCamera } from './camera-state.js';
import { fakeFace } from './fake-faces.js';

/** Server clock of media time 0 in these tests. */
export const START_MS = Date.parse('2026-02-01T12:00:00.000Z');

export const json = (record: FaceRecord, landmarks: 'none' | '68' = 'none') =>
  JSON.parse(recordLine(record, landmarks)) as FacesMessage['faces'][number];

/** A faces message of `people` at a media time; the camera's clock is START_MS. */
export function facesMessage(options: {
  readonly seconds: number;
  readonly source?: string;
  readonly people?: number;
  readonly landmarks?: 'none' | '68';
}): FacesMessage {
  const { seconds, source = 'door', people = 1, landmarks = 'none' } = options;
  const frame = Math.round(seconds * 25);
  const size = { widthPx: 640, heightPx: 360 };
  const faces = Array.from({ length: people }, (_, at) =>
    json(fakeFace({ source, frame, seconds, track: at + 1, people, ...size }), landmarks),
  );
  const arrivedAtMs = START_MS + seconds * 1000;
  return {
    type: 'faces',
    source,
    frame,
    ptsUs: Math.round(seconds * 1e6),
    ...size,
    arrivedAtMs,
    sentAtMs: arrivedAtMs + 40,
    faces,
  };
}

export const cameraState = (id: string, more: Partial<CameraState> = {}): ReturnType<typeof plainState> =>
  plainState(
    runningCamera(id, {
      inputType: 'rtsp',
      address: `rtsp://camera.test/${id}`,
      since: new Date(START_MS).toISOString(),
      ...more,
    }),
  );

export function welcome(more: Partial<Welcome> = {}): Welcome {
  return {
    type: 'welcome',
    v: 1,
    server: '0.1.0',
    epoch: 'one',
    seq: 0,
    atMs: START_MS,
    scopes: ['read'],
    tokenName: null,
    onlyCameras: null,
    purpose: 'research',
    emotions: true,
    actionUnits: ['12'],
    device: 'cpu',
    notice: 'Faces are analysed.',
    sources: [cameraState('door'), cameraState('desk')],
    ...more,
  };
}

export function episodeMessage(
  more: Partial<EpisodeMessage['episode']> = {},
  message: Partial<EpisodeMessage> = {},
): EpisodeMessage {
  return {
    type: 'episode',
    seq: 1,
    source: 'door',
    atMs: START_MS + 2000,
    episode: {
      v: 1,
      id: 'door/1/emotion/happiness/1',
      phase: 'new',
      source: 'door',
      track: 1,
      kind: 'emotion',
      label: 'happiness',
      onsetUs: 1e6,
      apexUs: 1.5e6,
      offsetUs: null,
      peak: 0.8,
      mean: 0.6,
      confidence: 0.7,
      endReason: null,
      ...more,
    },
    ...message,
  };
}

export function statsMessage(seconds: number, dropped: number): StatsMessage {
  return {
    type: 'stats',
    atMs: START_MS + seconds * 1000,
    system: { uptimeSeconds: seconds, rssBytes: 1e8, lanes: 1, laneRestarts: 0, eventLoopLagMs: 1, clients: 1 },
    cameras: [
      {
        id: 'door',
        inputFps: 25,
        analysedFps: 24,
        attempts: 0,
        retryAt: null,
        lastEnd: null,
        reconnects: 0,
        decodeErrors: 0,
        behindMs: null,
        dropped: { superseded: dropped },
        analysed: 100,
        latencyMs: { p50: 30, p95: 50, p99: 60 },
        faces: 1,
      },
    ],
  };
}
