import type {
  CameraState,
  CameraStats,
  InsightJson,
  InsightMessage,
  Scope,
  StatsMessage,
  Welcome,
  WritingMessage,
} from './wire.js';

/** Facts of the server's run, from its welcome. */
export interface ServerFacts {
  readonly version: string;
  readonly epoch: string;
  readonly purpose: string;
  /** False: action units only; nothing of emotions is shown. */
  readonly emotions: boolean;
  readonly actionUnits: readonly string[];
  /** What runs the models. */
  readonly device: Welcome['device'];
  readonly notice: string;
  readonly scopes: readonly Scope[];
}

export type EventKind = 'emotion' | 'action-unit' | 'blink' | 'camera' | 'insight';

/** A row of the event list: an episode, a camera's change of state, or what a multimodal LLM said. */
export interface PageEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly source: string;
  readonly track: number | null;
  /** Of episodes their label; of cameras the status; of insights their headline. */
  readonly label: string;
  /** Server clock; `endMs` is null while it goes on (cameras and insights: always atMs). */
  readonly atMs: number;
  readonly apexMs: number;
  readonly endMs: number | null;
  /** 0..1 of episodes; null of cameras. */
  readonly peak: number | null;
  readonly confidence: number | null;
  /** Why it ended, or what happened; empty when there is nothing to say. */
  readonly detail: string;
}

/** What a multimodal LLM said, cut to what is shown. */
export interface PageInsight {
  readonly insight: InsightJson;
  /** What became of it in the person's estimate. */
  readonly fusion: InsightMessage['fusion'];
  /** Of its evidence, server clock. */
  readonly atMs: number;
  /** Base64 of the JPEG that the model saw; null when there is none, when it gave way, or when faces are blurred. */
  readonly evidence: string | null;
}

/** What a multimodal LLM has written so far. */
export interface PageWriting {
  readonly writing: WritingMessage;
  /** Our clock. */
  readonly receivedAtMs: number;
}

/** Numbers of one second of a camera. */
export interface StatsPoint {
  readonly atMs: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly analysedFps: number;
  /** Frames dropped since the second before. */
  readonly droppedNow: number;
}

export interface Notice {
  readonly level: 'info' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly atMs: number;
}

export interface DashboardState {
  readonly server: ServerFacts | null;
  readonly cameras: ReadonlyMap<string, CameraState>;
  readonly system: StatsMessage['system'] | null;
  readonly cameraStats: ReadonlyMap<string, CameraStats>;
  readonly statsAtMs: number | null;
  readonly statsHistory: ReadonlyMap<string, readonly StatsPoint[]>;
  /** In order of beginning. */
  readonly events: readonly PageEvent[];
  /** Events that gave way to newer ones. */
  readonly eventsForgotten: number;
  /** In order of their evidence's time. */
  readonly insights: readonly PageInsight[];
  /** Answers in the making, oldest first; each ends with its insight, or when nothing more of it comes. */
  readonly writings: readonly PageWriting[];
  /** False while faces are blurred: then no picture of an insight is kept. */
  readonly keepEvidence: boolean;
  readonly notices: readonly Notice[];
  /** Server clock less media time by camera, milliseconds. */
  readonly clocksMs: ReadonlyMap<string, number>;
  /** Server clock less ours, milliseconds; null before the first dated message. */
  readonly skewMs: number | null;
}

export const EMPTY_STATE: DashboardState = {
  server: null,
  cameras: new Map(),
  system: null,
  cameraStats: new Map(),
  statsAtMs: null,
  statsHistory: new Map(),
  events: [],
  eventsForgotten: 0,
  insights: [],
  writings: [],
  keepEvidence: true,
  notices: [],
  clocksMs: new Map(),
  skewMs: null,
};

/** Most rows of the event list that are kept, seconds of statistics, notices shown, insights and their pictures. */
export const KEEP = {
  events: 600,
  statsSeconds: 120,
  notices: 3,
  insights: 240,
  insightsPerTrack: 12,
  writings: 16,
  /** After the last that came of it. */
  writingMs: 10_000,
  /** Of one picture, and of all, characters of base64. */
  evidenceChars: 400_000,
  allEvidenceChars: 8_000_000,
} as const;
