import type {
  CameraState,
  CameraStats,
  InsightJson,
  InsightMessage,
  RuleMessage,
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
  /** Of the token that the page came with; null: none is needed. */
  readonly tokenName: string | null;
  /** Ids of the cameras that it is for; null: all. */
  readonly onlyCameras: readonly string[] | null;
}

export type EventKind = 'emotion' | 'action-unit' | 'blink' | 'speech' | 'insight';

/** A row of the event list: an episode, or what a multimodal LLM said. What happens to cameras is in the system log. */
export interface PageEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly source: string;
  readonly track: number | null;
  /** Of episodes their label; of insights their headline. */
  readonly label: string;
  /** Server clock; `endMs` is null while it goes on (insights: always atMs). */
  readonly atMs: number;
  readonly apexMs: number;
  readonly endMs: number | null;
  /** 0..1 of episodes; null of insights. */
  readonly peak: number | null;
  readonly confidence: number | null;
  /** Why it ended, or what happened; empty when there is nothing to say. */
  readonly detail: string;
}

/**
 * What the system log tells. away: a camera sends no pictures. reduced: less is read at all cameras. recording: nothing is
 * kept although it should be. server: the page has no connection. restarted: another run of the server. lane: what reads
 * faces was started again.
 */
export type LogKind =
  | 'away'
  | 'damaged'
  | 'behind'
  | 'reduced'
  | 'added'
  | 'removed'
  | 'recording'
  | 'server'
  | 'restarted'
  | 'lane';

/** A row of the system log: trouble with its beginning and its end, or something that happened at a moment. */
export interface LogEntry {
  readonly id: string;
  readonly what: LogKind;
  /** Null: of the server, or of all cameras. */
  readonly source: string | null;
  /** Server clock; `endMs` is null while it goes on, and atMs of what happened at a moment. */
  readonly atMs: number;
  readonly endMs: number | null;
  /** The camera as it was last in this trouble (behind: when it was furthest behind); a removed one keeps its name here. */
  readonly camera: CameraState | null;
  /** Why; empty when the camera says it. */
  readonly note: string;
}

/** One time that a rule was met at a camera. */
export interface PageFiring {
  readonly id: string;
  readonly rule: string;
  readonly source: string;
  readonly condition: RuleMessage['firing']['condition'];
  readonly track: number | null;
  readonly zone: string | null;
  readonly value: number | null;
  /** When it fired and when it was last met, server clock; null while it goes on. */
  readonly atMs: number;
  readonly endMs: number | null;
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
  /** In order of beginning; what goes on is never forgotten. */
  readonly log: readonly LogEntry[];
  /** In order of firing. */
  readonly firings: readonly PageFiring[];
  /** How many rules there are; null while that is not known. */
  readonly rules: number | null;
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
  log: [],
  firings: [],
  rules: null,
  insights: [],
  writings: [],
  keepEvidence: true,
  notices: [],
  clocksMs: new Map(),
  skewMs: null,
};

/** Most rows of the event list and of the system log that are kept, firings of rules, seconds of statistics, notices shown, insights and their pictures. */
export const KEEP = {
  events: 600,
  log: 300,
  firings: 100,
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
