import { parseCameraAddress } from '../../domain/camera-address.js';
import { decoderOf } from '../../domain/decoder.js';
import type { CameraConfig, LiveSource, SourceEnd } from '../../domain/live.js';
import type { ColourPlan } from '../colour-plan.js';
import type { FfmpegVersion } from '../ffmpeg-version.js';
import { ffmpegVersion } from '../ffprobe.js';
import { FramePool } from '../frame-pool.js';
import { type Decoding, FfmpegConnection, inSoftware, type PoolPicture } from './ffmpeg-connection.js';
import type { AddressGuard } from './guarded-connect.js';
import { judgeEnd } from './judge-end.js';
import { isStream, streamKindOf } from './kinds.js';
import { liveArguments } from './live-arguments.js';
import type { Mediator } from './mediator.js';
import { cameraAddress, createRedactor, secretAddress } from './redact.js';
import type { StreamInput } from './stream-kind.js';
import { SYSTEM_LOOKUPS } from './system-lookups.js';

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
   * Asked before each connection with every IP address its host has; true ends it as 'unusable'. For cameras added over
   * the network: a name may be made to point elsewhere after it was checked. It is also asked for whatever redirects and
   * playlists lead to; names of HTTP cameras behind a proxy of the environment are for that proxy to judge.
   */
  readonly refuseAddress?: (ip: string) => boolean;
  /** All IP addresses of a name. @default this machine's name service */
  readonly addresses?: AddressGuard['addresses'];
  /** Instead of asking the installed ffprobe at the first connection. */
  readonly ffmpeg?: FfmpegVersion;
}

/**
 * A camera of the kinds that ffmpeg opens (kinds.ts). Frames are yuv420p, limited range, upright, turned by `rotate`, square pixels, even
 * sizes, longer side at most `maxSidePx`, never enlarged. One `run` at a time. Never throws for what the camera does: see
 * `SourceEnd`. Throws RangeError for options out of range, and for a camera of type 'push' (createPushSource).
 */
export function createLiveSource(config: CameraConfig, options: LiveSourceOptions = {}): LiveSource {
  const { input } = config;
  if (!isStream(input)) throw new RangeError(`${config.id}: pushed pictures are not played by ffmpeg`);
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

/** Ends that a decoder can be the reason of. */
const DECODER_TROUBLE: ReadonlySet<SourceEnd['reason']> = new Set([
  'undecodable',
  'decoder-died',
  'unusable',
  'stalled',
]);

/** How a connection ended, or that its first picture needs other filters. */
type Played = SourceEnd | 'other-colours';

class FfmpegLiveSource implements LiveSource {
  readonly #task: SourceTask;
  readonly #address: string;
  readonly #redact: (text: string) => string;
  #version: FfmpegVersion | undefined;
  #pool: { readonly key: string; readonly pool: FramePool } | undefined;
  /** Of the stream as it was last; most never need any. */
  #colour: ColourPlan | null = null;
  #decoding: Decoding;
  /** Of the connection that ended last. */
  #last: { readonly frames: number; readonly refused: string | null } = { frames: 0, refused: null };
  #nextIndex = 0;
  #running = false;

  constructor(task: SourceTask) {
    this.#task = task;
    this.#address = cameraAddress(task.input);
    this.#redact = createRedactor(secretAddress(task.input));
    this.#version = task.options.ffmpeg;
    this.#decoding = { decoder: decoderOf(task.config.decode), decoderProblem: null };
  }

  async run(run: Parameters<LiveSource['run']>[0]): Promise<SourceEnd> {
    if (this.#running) return this.#end('unusable', 'is already being played');
    this.#running = true;
    try {
      return (await this.#cannotOpen(run.signal)) ?? (await this.#playDecoded(run));
    } catch (error) {
      if (run.signal.aborted) return this.#end('stopped', 'stopped');
      // Only our own checks throw: no ffmpeg, or one that is too old.
      return this.#end('unusable', error instanceof Error ? error.message : 'cannot be played');
    } finally {
      this.#running = false;
    }
  }

  /** What can be told without starting ffmpeg. */
  async #cannotOpen(signal: AbortSignal): Promise<SourceEnd | undefined> {
    if (signal.aborted) return this.#end('stopped', 'stopped');
    this.#version ??= await ffmpegVersion(signal);
    const { input } = this.#task;
    const missing = await streamKindOf(input).missing?.(input);
    return missing ? this.#end(missing.reason, missing.problem) : undefined;
  }

  /**
   * Once more in software at once where hardware brought no picture, and for good when it was the reason: when ffmpeg
   * says so, or pictures come without it.
   */
  async #playDecoded(run: Parameters<LiveSource['run']>[0]): Promise<SourceEnd> {
    const asked = this.#decoding;
    const end = await this.#playAsColoured(run);
    if (asked.decoder === 'none' || run.signal.aborted) return end;
    const { frames, refused } = this.#last;
    if (refused === null && (frames > 0 || !DECODER_TROUBLE.has(end.reason))) return end;
    this.#decoding = inSoftware(asked, refused ?? 'no picture came with it');
    if (frames > 0) return end;
    const again = await this.#playAsColoured(run);
    if (refused === null && this.#last.frames === 0) this.#decoding = asked;
    return again;
  }

  /** Once more, with the filters that the stream's colours turn out to need. */
  async #playAsColoured(run: Parameters<LiveSource['run']>[0]): Promise<SourceEnd> {
    const first = await this.#playMediated(run);
    const end = first === 'other-colours' ? await this.#playMediated(run) : first;
    return end === 'other-colours' ? this.#end('undecodable', 'changes its colours with every connection') : end;
  }

  async #playMediated(run: Parameters<LiveSource['run']>[0]): Promise<Played> {
    const { input } = this.#task;
    const kind = streamKindOf(input);
    if (!('mediate' in kind && 'url' in input)) return this.#play(run, null);
    const camera = parseCameraAddress(input.url, input.type);
    if ('problem' in camera) return this.#end('unusable', camera.problem);
    const { options, limits } = this.#task;
    const guard = {
      refuses: options.refuseAddress ?? (() => false),
      addresses: options.addresses ?? SYSTEM_LOOKUPS.addresses,
    };
    const mediator = await kind.mediate({ camera, guard, connectMs: limits.connectMs, signal: run.signal });
    if ('ok' in mediator) return this.#end(mediator.reason, mediator.problem);
    try {
      const end = await this.#play(run, mediator);
      const { problem } = mediator;
      return problem && !run.signal.aborted ? this.#end(problem.reason, problem.problem) : end;
    } finally {
      mediator.close();
    }
  }

  async #play(run: Parameters<LiveSource['run']>[0], mediator: Mediator | null): Promise<Played> {
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
        mediatorUrl: mediator?.url ?? null,
        colour: this.#colour,
        decoder: this.#decoding.decoder,
        turn: config.rotate,
      }),
      environment: mediator?.environment ?? {},
      run,
      // ffmpeg names what it opened; people know the camera.
      redact: (text) => this.#redact(mediator ? text.replaceAll(mediator.url, this.#address) : text),
      maxFps: config.maxFps,
      firstFrameMs: limits.firstFrameMs,
      stallMs: limits.stallMs,
      colour: this.#colour,
      decoding: this.#decoding,
      poolFor: (picture) => this.#poolFor(picture),
      nextIndex: () => this.#nextIndex++,
    });
    const stop = () => connection.stop();
    run.signal.addEventListener('abort', stop, { once: true });
    const end = await connection.end();
    this.#last = { frames: end.frames, refused: end.log.hardware.problem };
    run.signal.removeEventListener('abort', stop);
    if (end.otherColour !== undefined && !run.signal.aborted) {
      this.#colour = end.otherColour;
      return 'other-colours';
    }
    return judgeEnd({
      ...end,
      explain: (said) => streamKindOf(input).explain?.(said) ?? null,
      address: this.#address,
      stopped: run.signal.aborted,
    });
  }

  /** The same buffers over connections of one kind of picture; those of another go when their leases are back. */
  #poolFor(picture: PoolPicture): FramePool {
    const key = `${picture.widthPx}x${picture.heightPx} ${picture.matrix}`;
    if (this.#pool?.key !== key) {
      this.#pool = { key, pool: new FramePool({ ...picture, slots: this.#task.limits.poolSlots }) };
    }
    return this.#pool.pool;
  }

  #end(reason: SourceEnd['reason'], problem: string): SourceEnd {
    return { reason, message: `${this.#address}: ${this.#redact(problem)}` };
  }
}
