import type { Observable } from 'rxjs';
import type { Areas } from '../domain/areas.js';
import type { CameraTest } from '../domain/camera-test.js';
import type { Device } from '../domain/device.js';
import type { CameraConfig, CameraState, LiveEvent, LiveInsight, Preview, SystemStats } from '../domain/live.js';
import type { Episode, EpisodeKind, FaceRecord, ModelUse } from '../domain/records.js';
import type { FaceQuestion } from '../mllm/keyframe-sink.js';

/** Facts that do not change while the process runs. */
export interface SystemInfo {
  readonly mienVersion: string;
  /** Why this installation analyses faces (docs/responsible-use.md). */
  readonly purpose: string;
  /** False in AU-only mode: no emotion is inferred. */
  readonly emotions: boolean;
  /** Keys of FaceRecord.actionUnits in the model's order. */
  readonly actionUnits: readonly string[];
  /** What runs them. */
  readonly device: Device;
  readonly models: readonly ModelUse[];
  /** Text for the persons in view. */
  readonly notice: string;
  readonly startedAt: string;
}

export interface EpisodeQuery {
  readonly source?: string;
  readonly kind?: EpisodeKind;
  /** Only episodes whose last change was at or after this time, Date.now() scale. */
  readonly sinceMs?: number;
  /** Newest first. @default 100 */
  readonly limit?: number;
}

export interface RecentEpisode {
  readonly episode: Episode;
  /** Date.now() scale. */
  readonly wallTimeMs: number;
}

export interface InsightQuery {
  readonly source?: string;
  /** Newest first. @default 50 */
  readonly limit?: number;
}

/** Numbers that the bus gives to events (`LiveEvent.numbered`), so that they are the same at every server. */
export interface EventNumbering {
  /** Numbers belong to it. */
  readonly epoch: string;
  /** The newest that is not told any more. */
  readonly before: number;
}

/** Cameras whose frames are wanted; '*' is all. */
export interface FacesWanted {
  readonly faces: '*' | ReadonlySet<string>;
  /** Of these with their landmarks. */
  readonly landmarks: '*' | ReadonlySet<string>;
}

/** What the server and the CLI need of the running cameras. Errors: AffectError with a code of domain/errors.ts. */
export interface LiveSystem {
  readonly info: SystemInfo;
  readonly events: Observable<LiveEvent>;
  /** Where messages for clients are numbered elsewhere; left out: by the server, from 1. */
  readonly numbering?: EventNumbering;
  cameras(): readonly CameraState[];
  /** Configurations with credentials redacted. */
  cameraConfig(id: string): CameraConfig | undefined;
  /** Throws CAMERA_EXISTS, CAMERA_LIMIT, CONFIG_INVALID. */
  addCamera(config: CameraConfig): Promise<CameraState>;
  /**
   * What it opens stays as it was, credentials too, where the new configuration repeats it as `cameraConfig` shows it.
   * Throws CAMERA_UNKNOWN, CONFIG_INVALID.
   */
  replaceCamera(config: CameraConfig): Promise<CameraState>;
  /**
   * Opens a camera for a few seconds and closes it, whether it is one of these or not; what it opens is taken as
   * `replaceCamera` takes it. Throws CONFIG_INVALID for one that may not be opened, or that pictures are pushed to.
   */
  testCamera(
    config: CameraConfig,
    options: { readonly blurFaces: boolean; readonly signal: AbortSignal },
  ): Promise<CameraTest>;
  /** Sets masks and zones of a camera that goes on. Throws CAMERA_UNKNOWN. */
  setAreas(id: string, areas: Areas): void;
  /** Throws CAMERA_UNKNOWN. */
  removeCamera(id: string): Promise<void>;
  stats(): SystemStats;
  /** Records of the newest analysed frame; empty before the first. Throws CAMERA_UNKNOWN. */
  latestFaces(id: string): readonly FaceRecord[] | Promise<readonly FaceRecord[]>;
  /** From the short in-memory window, newest first. */
  recentEpisodes(query: EpisodeQuery): readonly RecentEpisode[];
  /**
   * Answers a question of a person about a face; also told as an insight. Throws CAMERA_UNKNOWN, TRACK_UNKNOWN,
   * QUESTIONS_OFF, QUESTIONS_BUSY, ENGINE_UNAVAILABLE, ENGINE_TIMEOUT.
   */
  ask(id: string, asked: Omit<FaceQuestion, 'source'>): Promise<LiveInsight>;
  /** From the short in-memory window, newest first. */
  recentInsights(query: InsightQuery): readonly LiveInsight[];
  /** JPEG of the next frame; null when none comes soon, or pictures are switched off. Throws CAMERA_UNKNOWN. */
  snapshot(id: string, options: { readonly blurFaces: boolean }): Promise<Preview | null>;
  /** Small pictures while subscribed; they cost nothing without a subscriber. Completes when the camera is removed. */
  previews(
    id: string,
    options: { readonly maxFps: number; readonly maxSidePx: number; readonly blurFaces: boolean },
  ): Observable<Preview>;
  /** One JPEG for a camera of type 'push'. Throws CAMERA_UNKNOWN, or CONFIG_INVALID when it is of another type. */
  pushFrame(id: string, jpeg: Uint8Array): void;
  /** What clients want to see of faces now; left out: every frame of every camera is told anyway. */
  want?(faces: FacesWanted): void;
  /** True once the lanes run and every camera was tried. */
  ready(): boolean;
}
