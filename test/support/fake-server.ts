import type { Server, ServerOptions } from '../../src/server/server-options.js';
import { startServer } from '../../src/server/start-server.js';
import { collectingLogger } from './collecting-logger.js';
import { createFakeLiveSystem, type FakeLiveSystem } from './fake-live-system.js';
import { type RecordingTelemetry, recordingTelemetry } from './recording-telemetry.js';

export interface FakeServer {
  readonly server: Server;
  readonly system: FakeLiveSystem;
  readonly telemetry: RecordingTelemetry;
  readonly url: string;
  /** Lines that were logged. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/**
 * The real server on a fake live system, on a free port of 127.0.0.1 without tokens unless told otherwise. The system
 * stands still: call `system.tick()`, or `system.play()` for real time.
 */
export async function startFakeServer(
  options: Partial<ServerOptions> & { readonly system?: FakeLiveSystem } = {},
): Promise<FakeServer> {
  const system = options.system ?? createFakeLiveSystem();
  const telemetry = recordingTelemetry();
  const log: string[] = [];
  const server = await startServer({
    telemetry,
    setAreas: async (id, areas) => {
      system.setAreas(id, areas);
      return { ...areas, unsaved: null };
    },
    cameraDefaults: () => ({ maxSidePx: 1280, maxFps: null, minFacePx: 24, rotate: 0, decode: 'auto' }),
    cameraFile: {
      lasting: false,
      unsavable: async () => 'mien was started without --config',
      unsaved: () => 'mien was started without --config',
      save: async () => ({ unsaved: 'mien was started without --config', variables: [] }),
      remove: async () => null,
    },
    kept: null,
    rules: () => [],
    listen: { host: '127.0.0.1', port: 0 },
    tokens: [],
    allowedOrigins: [],
    dashboardDir: null,
    metricsText: async () => ({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body: '# HELP mien_up 1 while the process lives.\n# TYPE mien_up gauge\nmien_up 1\n',
    }),
    logger: collectingLogger(log),
    ...options,
    system,
  });
  return { server, system, telemetry, url: server.url, log, close: () => server.close() };
}
