import type { CameraConfig, LiveSource, SourceEnd } from '../../domain/live.js';
import { type Millis, micros, millis } from '../../domain/units.js';
import { FramePool } from '../frame-pool.js';
import { ContinuousPts } from './continuous-pts.js';
import { decodeJpeg } from './jpeg-frame.js';
import { createRateLimit } from './rate-limit.js';
import { rgbToYuv420p } from './rgb-to-yuv.js';

/** A camera whose pictures a client sends. */
export interface PushSource extends LiveSource {
  /**
   * Takes one JPEG (at most 4 MiB and 4096 pixels a side), whose bytes must not change afterwards. Returns at once:
   * while one picture is decoded the newest waits, older ones are dropped as 'superseded', bad ones as 'undecodable'.
   */
  push(jpeg: Uint8Array): void;
}

/** A picture that came between two runs is shown by the second only when it is not older than this. */
const STALE_MS = 1_000;

interface Pushed {
  readonly jpeg: Uint8Array;
  readonly arrivedAt: Millis;
  readonly wallTimeMs: number;
}

type Run = Parameters<LiveSource['run']>[0];

/**
 * The source of a camera of type 'push'. A run ends only when it is told to, or as 'size-changed' at a picture of
 * another size, which is kept for the next run. Throws RangeError for another type of camera.
 */
export function createPushSource(config: CameraConfig, options: { readonly poolSlots?: number } = {}): PushSource {
  if (config.input.type !== 'push') throw new RangeError(`${config.id}: is not a camera of type push`);
  return new PushedPictures(config, options.poolSlots ?? 4);
}

class PushedPictures implements PushSource {
  readonly #config: CameraConfig;
  readonly #poolSlots: number;
  #run: { readonly options: Run; readonly finish: (end: SourceEnd) => void } | undefined;
  #pts: ContinuousPts | undefined;
  #wanted = createRateLimit(null);
  #open = false;
  #pool: { readonly widthPx: number; readonly heightPx: number; readonly frames: FramePool } | undefined;
  #waiting: Pushed | undefined;
  #decoding: Promise<void> | undefined;
  #nextIndex = 0;

  constructor(config: CameraConfig, poolSlots: number) {
    this.#config = config;
    this.#poolSlots = poolSlots;
  }

  push(jpeg: Uint8Array): void {
    if (this.#waiting) this.#run?.options.onDrop('superseded', 1);
    this.#waiting = { jpeg, arrivedAt: millis(performance.now()), wallTimeMs: Date.now() };
    this.#work();
  }

  async run(options: Run): Promise<SourceEnd> {
    if (this.#run) return this.#end('unusable', 'is already being played');
    if (options.signal.aborted) return this.#end('stopped', 'stopped');
    this.#pts = new ContinuousPts({ startUs: options.startUs });
    this.#wanted = createRateLimit(this.#config.maxFps);
    this.#open = false;
    if (this.#waiting && performance.now() - this.#waiting.arrivedAt > STALE_MS) {
      this.#waiting = undefined;
      options.onDrop('superseded', 1);
    }
    const stop = () => this.#finish(this.#end('stopped', 'stopped'));
    options.signal.addEventListener('abort', stop, { once: true });
    const end = await new Promise<SourceEnd>((resolve) => {
      this.#run = { options, finish: resolve };
      this.#work();
    });
    options.signal.removeEventListener('abort', stop);
    await this.#decoding;
    return end;
  }

  #work(): void {
    if (this.#decoding || !this.#run || !this.#waiting) return;
    const pushed = this.#waiting;
    this.#waiting = undefined;
    this.#decoding = this.#deliver(pushed, this.#run.options).finally(() => {
      this.#decoding = undefined;
      this.#work();
    });
  }

  async #deliver(pushed: Pushed, run: Run): Promise<void> {
    const ptsUs = this.#pts!.next({ sourceUs: pushed.arrivedAt * 1000, arrivedAt: pushed.arrivedAt });
    if (!this.#wanted(ptsUs)) return run.onDrop('rate-limited', 1);
    const { maxSidePx, rotate } = this.#config;
    const picture = await decodeJpeg(pushed.jpeg, { maxSidePx, turn: rotate });
    if (run.signal.aborted) return run.onDrop('shutdown', 1);
    if (!picture) return run.onDrop('undecodable', 1);
    const { widthPx, heightPx } = picture;
    if (this.#pool?.widthPx !== widthPx || this.#pool.heightPx !== heightPx) {
      if (this.#open) {
        this.#waiting ??= pushed;
        this.#finish(this.#end('size-changed', 'the picture size changed'));
        return;
      }
      this.#pool = { widthPx, heightPx, frames: new FramePool({ slots: this.#poolSlots, widthPx, heightPx }) };
    }
    const slot = this.#pool.frames.tryAcquire();
    if (!slot) return run.onDrop('no-buffer', 1);
    rgbToYuv420p(picture, slot.data);
    if (!this.#open) {
      this.#open = true;
      run.onOpen({ widthPx, heightPx, codec: 'mjpeg', decoder: 'none', decoderProblem: null });
    }
    const lease = slot.lend({ index: this.#nextIndex++, ptsUs: micros(ptsUs) });
    run.onFrame({ lease, arrivedAt: pushed.arrivedAt, wallTimeMs: pushed.wallTimeMs });
  }

  #finish(end: SourceEnd): void {
    const run = this.#run;
    this.#run = undefined;
    run?.finish(end);
  }

  #end(reason: SourceEnd['reason'], problem: string): SourceEnd {
    return { reason, message: `pushed pictures: ${problem}` };
  }
}
