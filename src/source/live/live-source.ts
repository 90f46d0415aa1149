import { stat } from 'node:fs/promises';
import type { CameraConfig, LiveSource, SourceEnd } from '../../domain/live.js';
import type { FfmpegVersion } from '../ffmpeg-version.js';
import { ffmpegVersion } from '../ffprobe.js';
import { FramePool } from '../frame-pool.js';
import { FfmpegConnection } from './ffmpeg-connection.js';
import { type GuardedProxy, openGuardedProxy } from './guarded-proxy.js';
import { judgeEnd } from './judge-end.js';
import { hostOf, knock } from './knock.js';
import { liveArguments, type StreamInput } from './live-arguments.js';
import { cameraAddress, createRedactor } from './redact.js';

export interface LiveSourceOptions {
  /** Frames on loan at most; each costs one frame of memory. When all are out, frames are dropped. @default 4 */
  readonly poolSlots?: number;
  /** Longest wait for a connection's first frame. @default 10000 */
  readonly firstFrameMs?: number;
  /** Longest silence between frames after that. @default 2000 */
  readonly stallMs?: number;
  /** Longest wait for a TCP connection; short, so that a host that comes back is found soon. @default 1500 */
  readonly connectMs?: number;
  /** Threads ffmpeg decodes with. @default 1 */
  readonly decoderThreads?: number;
  /**
   * Asked at each connection with the IP address that answered; true ends it as 'unusable'. For cameras added over the
   * network: a name may be made to point elsewhere after it was checked. Over HTTP it is also asked for whatever
   * redirects and playlists lead to, unless ffmpeg uses a proxy of the environment.
   */
  readonly refuseAddress?: (ip: string) => boolean;
  /** Instead of asking the installed ffprobe at the first connection. */
  readonly ffmpeg?: FfmpegVersion;
}

/**
 * A camera played by ffmpeg: RTSP, HTTP(S) and HLS, a webcam of this machine, or a file at its own speed. Frames are
 * yuv420p, limited range, upright, square pixels, even sizes, longer side at most `maxSidePx`, never enlarged. One
 * `run` at a time. Never throws for what the camera does: see `SourceEnd`. Throws RangeError for options out of range,
 * and for a camera of type 'push' (createPushSource).
 */
export function createLiveSource(config: CameraConfig, options: LiveSourceOptions = {}): LiveSource {
  const { input } = config;
  if (input.type === 'push') throw new RangeError(`${config.id}: pushed pictures are not played by ffmpeg`);
  const limits = {
    poolSlots: options.poolSlots ?? 4,
    firstFrameMs: options.firstFrameMs ?? 10_000,
    stallMs: options.stallMs ?? 2_000,
    connectMs: options.connectMs ?? 1_500,
    decoderThreads: options.decoderThreads ?? 1,
  };
  for (const [name, value] of Object.entries({ ...limits, maxSidePx: config.maxSidePx })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(`${name} must be a whole number of at least 1, got ${value}`);
    }
  }
  return new FfmpegLiveSource({ config, input, options, limits });
}

/** Our watchdog comes first: it knows why it waits. */
const NETWORK_GRACE_MS = 1_000;

interface SourceTask {
  readonly config: CameraConfig;
  readonly input: StreamInput;
  readonly options: LiveSourceOptions;
  readonly limits: {
    readonly poolSlots: number;
    readonly firstFrameMs: number;
    readonly stallMs: number;
    readonly connectMs: number;
    readonly decoderThreads: number;
  };
}

class FfmpegLiveSource implements LiveSource {
  readonly #task: SourceTask;
  readonly #address: string;
  readonly #redact: (text: string) => string;
  #version: FfmpegVersion | undefined;
  #pool: { readonly key: string; readonly pool: FramePool } | undefined;
  #nextIndex = 0;
  #running = false;

  constructor(task: SourceTask) {
    this.#task = task;
    this.#address = cameraAddress(task.input);
    this.#redact = createRedactor('url' in task.input ? task.input.url : '');
    this.#version = task.options.ffmpeg;
  }

  async run(run: Parameters<LiveSource['run']>[0]): Promise<SourceEnd> {
    if (this.#running) return this.#end('unusable', 'is being played already');
    this.#running = true;
    try {
      return (await this.#cannotOpen(run.signal)) ?? (await this.#playGuarded(run));
    } catch (error) {
      // Only our own checks throw: no ffmpeg, or one that is too old.
      return this.#end('unusable', error instanceof Error ? error.message : 'cannot be played');
    } finally {
      this.#running = false;
    }
  }

  /** What can be told without starting ffmpeg. */
  async #cannotOpen(signal: AbortSignal): Promise<SourceEnd | undefined> {
    if (signal.aborted) return this.#end('stopped', 'stopped');
    this.#version ??= await ffmpegVersion();
    const { input, options, limits } = this.#task;
    if (input.type === 'file') {
      const isFile = await stat(input.path).then(
        (facts) => facts.isFile(),
        () => false,
      );
      if (!isFile) return this.#end('not-found', 'there is no such file');
    }
    if (!('url' in input) || behindProxy(input)) return undefined;
    const target = hostOf(input.url);
    if (!target) return this.#end('unusable', 'is not an rtsp or http address');
    const answer = await knock({ ...target, timeoutMs: limits.connectMs, signal });
    if (signal.aborted) return this.#end('stopped', 'stopped');
    if (!answer.ok) return this.#end('unreachable', answer.problem);
    if (options.refuseAddress?.(answer.ip)) return this.#end('unusable', 'points to an address that is not allowed');
    return undefined;
  }

  async #playGuarded(run: Parameters<LiveSource['run']>[0]): Promise<SourceEnd> {
    const { input, options } = this.#task;
    if (!options.refuseAddress || input.type !== 'http' || proxyOfEnvironment()) return this.#play(run, null);
    const proxy = await openGuardedProxy(options.refuseAddress);
    try {
      const end = await this.#play(run, proxy);
      return proxy.refused && !run.signal.aborted
        ? this.#end('unusable', 'leads to an address that is not allowed')
        : end;
    } finally {
      proxy.close();
    }
  }

  async #play(run: Parameters<LiveSource['run']>[0], proxy: GuardedProxy | null): Promise<SourceEnd> {
    const { config, input, limits } = this.#task;
    const { maxSidePx } = config;
    if (run.signal.aborted) return this.#end('stopped', 'stopped');
    const connection = new FfmpegConnection({
      arguments: liveArguments({
        input,
        ffmpeg: this.#version!,
        maxSidePx,
        decoderThreads: limits.decoderThreads,
        networkTimeoutMs: limits.firstFrameMs + NETWORK_GRACE_MS,
        platform: process.platform,
        httpProxy: proxy?.url ?? null,
      }),
      run,
      redact: this.#redact,
      maxFps: config.maxFps,
      firstFrameMs: limits.firstFrameMs,
      stallMs: limits.stallMs,
      poolFor: (size) => this.#poolFor(size),
      nextIndex: () => this.#nextIndex++,
    });
    const stop = () => connection.stop();
    run.signal.addEventListener('abort', stop, { once: true });
    const end = await connection.end();
    run.signal.removeEventListener('abort', stop);
    return judgeEnd({
      ...end,
      inputType: input.type,
      address: this.#address,
      stopped: run.signal.aborted,
    });
  }

  /** The same buffers over connections of one size; those of another size go when their leases are back. */
  #poolFor(size: { readonly widthPx: number; readonly heightPx: number }): FramePool {
    const key = `${size.widthPx}x${size.heightPx}`;
    if (this.#pool?.key !== key) {
      this.#pool = { key, pool: new FramePool({ ...size, slots: this.#task.limits.poolSlots }) };
    }
    return this.#pool.pool;
  }

  #end(reason: SourceEnd['reason'], problem: string): SourceEnd {
    return { reason, message: `${this.#address}: ${this.#redact(problem)}` };
  }
}

/** ffmpeg then reaches the camera through the proxy of the environment; a connection of our own says nothing. */
function behindProxy(input: StreamInput): boolean {
  return input.type === 'http' && Boolean(process.env.http_proxy);
}

/** ffmpeg asks no proxy of ours for the hosts of `no_proxy`. */
function proxyOfEnvironment(): boolean {
  return Boolean(process.env.http_proxy || process.env.no_proxy);
}
