import type { Observable } from 'rxjs';
import type { CameraConfig, LiveEvent, LiveSource } from '../domain/live.js';
import type { ReadingPace } from '../domain/reading-pace.js';
import type { Telemetry } from '../domain/telemetry.js';
import { type Micros, micros } from '../domain/units.js';
import type { Asker, KeyframeSink } from '../mllm/keyframe-sink.js';
import type { FramePipeline } from '../pipeline/face-pipeline.js';
import type { CameraFeed } from './camera.js';
import type { SystemInfo } from './live-system.js';
import type { PreviewOptions } from './preview-hub.js';

/** Who asked for a camera: the owner of the machine, or a client over the network. */
export type CameraOrigin = 'configuration' | 'request';

/** Where a camera's time and the numbers of its faces begin: another machine may have read it before. */
export interface CameraStart {
  readonly ptsUs: Micros;
  readonly firstTrack: number;
}

export const FROM_THE_START: CameraStart = { ptsUs: micros(0), firstTrack: 1 };

/** What `LiveCameras` is made of. */
export interface LiveCamerasOptions {
  readonly info: SystemInfo;
  readonly maxCameras: number;
  /** How long episodes stay in memory, and how many at most. */
  readonly retainEpisodes: { readonly ms: number; readonly count: number };
  /** What clients may see at most. */
  readonly preview: PreviewOptions & { readonly enabled: boolean };
  readonly telemetry: Telemetry;
  /** Throws CONFIG_INVALID for a camera that may not be opened. */
  readonly check: (config: CameraConfig, origin: CameraOrigin) => Promise<void>;
  readonly openFeed: (config: CameraConfig, origin: CameraOrigin, start: CameraStart) => CameraFeed;
  /** One connection to a camera that is only tried. */
  readonly openSource: (config: CameraConfig, origin: CameraOrigin) => LiveSource;
  /** `pace` tells how often faces are to be read, from frame to frame. */
  readonly createPipeline: (
    config: CameraConfig,
    pace: () => ReadingPace,
    start: CameraStart,
  ) => FramePipeline<unknown>;
  /** Asks a multimodal LLM about some of the frames. @default null */
  readonly keyframes?: KeyframeSink | null;
  /** Answers questions of persons. @default null: nobody does */
  readonly asker?: Asker | null;
  /** Tells more after events, such as what rules fire on them. @default nothing */
  readonly follow?: (events: Observable<LiveEvent>) => Observable<LiveEvent>;
  /** A configuration as clients may see it. */
  readonly redact: (config: CameraConfig) => CameraConfig;
  readonly lanes: () => { readonly count: number; readonly restarts: number };
  readonly clients: () => number;
  /** An error of an analysis, for logs; called for each frame that failed. */
  readonly onError: (source: string, error: unknown) => void;
  readonly now?: () => number;
}
