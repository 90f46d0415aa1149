import type { Areas } from '../domain/areas.js';
import type { CameraDefaults } from '../domain/camera-treatment.js';
import type { Kept } from '../domain/keeping.js';
import type { Logger } from '../domain/logger.js';
import type { RuleStatus } from '../domain/rule-status.js';
import type { Scope } from '../domain/scopes.js';
import type { ServerLimits } from '../domain/server-limits.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { LiveSystem } from '../live/live-system.js';

/** A bearer token and what it allows. 16 to 512 printable ASCII characters without spaces. */
export interface TokenGrant {
  /** What its client is told that it is. */
  readonly name?: string;
  readonly token: string;
  readonly scopes: readonly Scope[];
  /** Ids of the cameras it is for. @default all */
  readonly cameras?: readonly string[] | undefined;
}

/** Where cameras outlast this run: the configuration file. */
export interface CameraFile {
  /** Cameras of requests outlast this process anyway, without it. */
  readonly lasting: boolean;
  /** Why nothing of cameras can be kept there; null: it can. */
  unsavable(): Promise<string | null>;
  /** Why a camera is not there as it runs; null: it is. */
  unsaved(id: string): string | null;
  /** Puts a camera there as it runs. `variables`: of the environment, that do not hold yet what the file takes from them. */
  save(id: string): Promise<{ readonly unsaved: string | null; readonly variables: readonly string[] }>;
  /** Takes a camera that is no more out of it. @returns why it is still there, or null */
  remove(id: string): Promise<string | null>;
}

export interface ServerOptions {
  readonly system: LiveSystem;
  /** For cameras of a request, which may leave them out; asked for each, as a configuration is read again. */
  readonly cameraDefaults: () => CameraDefaults;
  /** Puts masks and zones of a camera in force, and into the configuration; `unsaved`: why not there. Throws CAMERA_UNKNOWN. */
  readonly setAreas: (id: string, areas: Areas) => Promise<Areas & { readonly unsaved: string | null }>;
  readonly cameraFile: CameraFile;
  /** What is kept on disk; null: nothing. */
  readonly kept: Kept | null;
  /** The rules, what goes on of them now, and what they fired on before, in memory. */
  readonly rules: () => readonly RuleStatus[];
  readonly telemetry: Telemetry;
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** None: only on loopback, where everybody may do everything. */
  readonly tokens: readonly TokenGrant[];
  /** Origins of pages elsewhere that may use the server, "https://wall.example"; its own is always allowed. */
  readonly allowedOrigins: readonly string[];
  /** Where they differ from DEFAULT_LIMITS. */
  readonly limits?: Partial<ServerLimits>;
  /** Folder of the built dashboard, or null. */
  readonly dashboardDir: string | null;
  /** Null: /metrics is unknown. */
  readonly metricsText: (() => Promise<{ readonly contentType: string; readonly body: string }>) | null;
  readonly logger: Logger;
}

export interface Server {
  /** http address without a path: "http://127.0.0.1:8800". */
  readonly url: string;
  /** Clients connected now. */
  readonly clients: number;
  /** Stops listening, tells every client (1001), and resolves when all sockets are closed. May be called again. */
  close(): Promise<void>;
}
