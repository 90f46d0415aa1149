import sharp from 'sharp';
import { createBlackOut } from '../areas/black-out.js';
import { hideFaces } from '../areas/hide-faces.js';
import type { CameraTest } from '../domain/camera-test.js';
import { TREATMENT } from '../domain/camera-treatment.js';
import { matrixOf } from '../domain/colour.js';
import { AffectError } from '../domain/errors.js';
import type { Frame } from '../domain/frame.js';
import type { CameraConfig, DropReason, LiveFrame, LiveSource, SourceEnd, StreamFacts } from '../domain/live.js';
import { micros } from '../domain/units.js';
import { type Clock, SYSTEM_CLOCK } from '../rx/clock.js';
import { type Picture, shrinkToRgb } from './picture.js';

/** How long pictures are counted, from the first on. */
const WATCH_MS = 3_000;
/** A camera opens its eye in this time: the picture shown is a later one, where one comes. */
const SETTLED_MS = 1_000;
/** Longest test. A source gives up a little earlier, and says why. */
const LIMIT_MS = 15_000;
const SIDE_PX = 320;
const QUALITY = 75;

interface TryOptions {
  readonly open: (config: CameraConfig) => LiveSource;
  /** Null: none is made. */
  readonly picture: 'shown' | 'blurred' | null;
  /** Ends the test early; its result is then of no use. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Opens a camera, looks at it for a few seconds in its own size and rate, and closes it; resolves when its process is
 * gone. Throws CONFIG_INVALID for one that pictures are pushed to, and for nothing that a camera does.
 */
export async function tryCamera(config: CameraConfig, options: TryOptions): Promise<CameraTest> {
  if (config.input.type === 'push') {
    throw new AffectError('CONFIG_INVALID', 'a camera of type push opens nothing; add it, and send it pictures');
  }
  const { signal, clock = SYSTEM_CLOCK } = options;
  const source = options.open({ ...config, maxSidePx: TREATMENT.maxSidePx.most, maxFps: null });
  const over = new AbortController();
  const stop = (): void => over.abort();
  const openedAt = clock.nowMs();
  const watch = new Watch(options.picture, createBlackOut(config.masks));
  let facts: StreamFacts | null = null;
  let stopWatch: () => void = () => undefined;
  const stopLimit = clock.after(LIMIT_MS, stop);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const end = await source.run({
      startUs: micros(0),
      signal: over.signal,
      onOpen: (opened) => {
        facts = opened;
      },
      onFrame: (live) => {
        if (watch.firstAt === null) stopWatch = clock.after(WATCH_MS, stop);
        watch.take(live);
      },
      onDrop: (reason, count) => watch.drop(reason, count),
      onDecodeError: () => undefined,
    });
    const seen = watch.firstAt !== null;
    return {
      stream: seen ? facts : null,
      firstPictureMs: watch.firstAt === null ? null : Math.max(0, watch.firstAt - openedAt),
      fps: watch.fps,
      damaged: watch.damaged,
      end: over.signal.aborted ? unfinished(end, seen) : end,
      picture: options.picture === null ? 'off' : seen ? options.picture : 'none',
      jpeg: watch.picture && (await encode(watch.picture)),
    };
  } finally {
    stopLimit();
    stopWatch();
    signal.removeEventListener('abort', stop);
  }
}

/** We ended it: that is no trouble of the camera, unless nothing had come of it. */
function unfinished(end: SourceEnd, seen: boolean): SourceEnd | null {
  if (seen) return null;
  if (end.reason !== 'stopped') return end;
  const place = end.message.replace(/: stopped$/, '');
  return { reason: 'stalled', message: `${place}: no picture within ${LIMIT_MS / 1000} s` };
}

/** What arrives, and at most one picture of it. */
class Watch {
  firstAt: number | null = null;
  damaged = 0;
  picture: Picture | null = null;
  #frames = 0;
  #lastAt = 0;
  #firstUs = 0;
  #lastUs = 0;
  #settled = false;

  constructor(
    private readonly wanted: TryOptions['picture'],
    private readonly blackOut: (frame: Frame) => void,
  ) {}

  take({ lease, arrivedAt }: LiveFrame): void {
    const { frame } = lease;
    if (this.firstAt === null) [this.firstAt, this.#firstUs] = [arrivedAt, frame.ptsUs];
    this.#frames++;
    this.#lastAt = arrivedAt;
    this.#lastUs = frame.ptsUs;
    const settled = arrivedAt - this.firstAt >= SETTLED_MS;
    if (this.wanted !== null && !this.#settled && (this.picture === null || settled)) {
      this.blackOut(frame); // masks are never looked at, not even here
      this.picture = shrinkToRgb(frame, { maxSidePx: SIDE_PX, matrix: matrixOf(frame) });
      // Nobody has looked for faces here: all of it is hidden as if it were one.
      const whole = { space: 'frame', left: 0, top: 0, right: frame.widthPx, bottom: frame.heightPx } as const;
      if (this.wanted === 'blurred') hideFaces(this.picture, [whole], frame);
      this.#settled = settled;
    }
    lease.release();
  }

  drop(reason: DropReason, count: number): void {
    if (reason === 'damaged') this.damaged += count;
  }

  /** No more than the time stamps say: what a server sends at once at the beginning is no rate. */
  get fps(): number | null {
    const [arrivedMs, mediaMs] = [this.#lastAt - (this.firstAt ?? 0), (this.#lastUs - this.#firstUs) / 1000];
    const lastedMs = Math.max(arrivedMs, mediaMs);
    return this.#frames < 2 || lastedMs <= 0 ? null : ((this.#frames - 1) * 1000) / lastedMs;
  }
}

function encode({ data, widthPx, heightPx }: Picture): Promise<Buffer> {
  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  return sharp(data, { raw }).jpeg({ quality: QUALITY }).toBuffer();
}
