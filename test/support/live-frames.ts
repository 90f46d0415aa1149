import { NO_AREAS } from '../../src/domain/areas.js';
import type { FrameFaces } from '../../src/domain/face.js';
import { yuv420pBytes } from '../../src/domain/frame.js';
import type { CameraConfig, CameraStatus, LiveFrame, SourceState } from '../../src/domain/live.js';
import type { Telemetry } from '../../src/domain/telemetry.js';
import { micros, millis } from '../../src/domain/units.js';
import type { CameraFeed, FeedHandlers } from '../../src/live/camera.js';
import type { FramePipeline } from '../../src/pipeline/face-pipeline.js';
import { faceRecord } from './record-builders.js';

/** Lends frames and knows which are still out. */
export class FrameLender {
  readonly out = new Set<number>();
  #next = 0;

  lend(more: { readonly arrivedAt?: number; readonly widthPx?: number; readonly heightPx?: number } = {}): LiveFrame {
    const { arrivedAt = 0, widthPx = 64, heightPx = 48 } = more;
    const index = this.#next++;
    const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx))).fill(128);
    this.out.add(index);
    return {
      lease: {
        frame: { index, ptsUs: micros(index * 40_000), widthPx, heightPx, data },
        release: () => {
          if (!this.out.delete(index)) throw new Error(`frame ${index} was released twice`);
        },
      },
      arrivedAt: millis(arrivedAt),
      wallTimeMs: 1_800_000_000_000 + index * 40,
    };
  }
}

/** A pipeline whose every step ends when the test says so. */
export class HeldPipeline implements FramePipeline<number> {
  readonly log: string[] = [];
  readonly #held = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();

  locate(frame: { readonly index: number; readonly ptsUs: number }): Promise<FrameFaces> {
    const faces = { frameIndex: frame.index, ptsUs: micros(frame.ptsUs), faces: [], endedTracks: [], sceneCut: false };
    return this.#hold(`locate ${frame.index}`, faces);
  }

  read(frame: { readonly index: number }): Promise<number> {
    return this.#hold(`read ${frame.index}`, frame.index);
  }

  advance(index: number) {
    this.log.push(`advance ${index}`);
    return { records: [faceRecord(index)], episodes: [] };
  }

  weighIn(): null {
    return null;
  }

  finish() {
    this.log.push('finish');
    return [];
  }

  /** Whether a step has begun and not ended. */
  holds(step: string): boolean {
    return this.#held.has(step);
  }

  /** Lets a step end, and waits until what follows from it has happened. */
  async release(step: string, error?: Error): Promise<void> {
    const held = this.#held.get(step);
    if (!held) throw new Error(`${step} has not begun; begun: ${[...this.#held.keys()].join(', ')}`);
    this.#held.delete(step);
    if (error) held.reject(error);
    else held.resolve();
    await settled();
  }

  #hold<T>(step: string, value: T): Promise<T> {
    this.log.push(step);
    return new Promise<T>((resolve, reject) => {
      this.#held.set(step, { resolve: () => resolve(value), reject });
    });
  }
}

/** Waits until every promise that can settle without I/O has settled. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Records what is told as lines. */
export function telemetryLog(): { readonly telemetry: Telemetry; readonly lines: string[] } {
  const lines: string[] = [];
  const telemetry = new Proxy({} as Telemetry, {
    get:
      (_target, name) =>
      (...args: unknown[]) => {
        if (name !== 'stageDuration') lines.push([String(name), ...args.map((arg) => JSON.stringify(arg))].join(' '));
      },
  });
  return { telemetry, lines };
}

export function cameraConfig(id: string, more: Partial<CameraConfig> = {}): CameraConfig {
  return {
    id,
    name: id,
    input: { type: 'push' },
    maxSidePx: 1280,
    maxFps: null,
    minFacePx: 24,
    rotate: 0,
    decode: 'auto',
    ...NO_AREAS,
    ...more,
  };
}

/** A feed that the test drives. */
export class ScriptedFeed implements CameraFeed {
  handlers: FeedHandlers | undefined;
  stops = 0;
  readonly pushed: Uint8Array[] = [];
  readonly #config: CameraConfig;

  constructor(config: CameraConfig) {
    this.#config = config;
    if (config.input.type !== 'push') Object.defineProperty(this, 'push', { value: undefined });
  }

  start(handlers: FeedHandlers): void {
    this.handlers = handlers;
    handlers.onState(this.state('starting'));
  }

  stop(): Promise<void> {
    this.stops += 1;
    return Promise.resolve();
  }

  push(jpeg: Uint8Array): void {
    this.pushed.push(jpeg);
  }

  state(status: CameraStatus): SourceState {
    const { id, name, input } = this.#config;
    return {
      id,
      name,
      status,
      inputType: input.type,
      address: 'test',
      since: '2026-01-15T09:30:00.000Z',
      lastEnd: null,
      retryAt: null,
      attempts: 0,
      reconnects: 0,
      decodeErrors: 0,
      damagedSince: null,
      stream: null,
    };
  }
}

/** For systems in which no camera is tried. */
export const nothingTried = (): never => {
  throw new Error('nothing is tried here');
};
