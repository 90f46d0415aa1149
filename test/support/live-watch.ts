import { NO_AREAS } from '../../src/domain/areas.js';
import type { CameraInput } from '../../src/domain/camera-kinds.js';
import type { CameraConfig, DropReason, LiveFrame, LiveSource, SourceEnd, StreamFacts } from '../../src/domain/live.js';
import { type Micros, micros } from '../../src/domain/units.js';

export function cameraConfig(input: CameraInput, changes: Partial<CameraConfig> = {}): CameraConfig {
  return {
    id: 'cam',
    name: 'cam',
    input,
    maxSidePx: 640,
    maxFps: null,
    minFacePx: 20,
    rotate: 0,
    decode: 'auto',
    ...NO_AREAS,
    ...changes,
  };
}

export interface SeenFrame {
  readonly index: number;
  readonly ptsUs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly arrivedAt: number;
  readonly meanLuma: number;
  /** The edge whose middle is brightest, the first of them where none is. */
  readonly brightEdge: 'top' | 'right' | 'bottom' | 'left';
}

function brightEdge(
  luma: Uint8Array,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): SeenFrame['brightEdge'] {
  const at = (x: number, y: number): number => luma[Math.floor(y) * widthPx + Math.floor(x)]!;
  const edges = [
    ['top', at(widthPx / 2, 2)],
    ['right', at(widthPx - 3, heightPx / 2)],
    ['bottom', at(widthPx / 2, heightPx - 3)],
    ['left', at(2, heightPx / 2)],
  ] as const;
  return edges.reduce((best, edge) => (edge[1] > best[1] ? edge : best))[0];
}

/** What a picture of 64x48 whose upper third is white becomes when it is turned. */
export const TURNED = [
  { rotate: 0, widthPx: 64, heightPx: 48, brightEdge: 'top' },
  { rotate: 90, widthPx: 48, heightPx: 64, brightEdge: 'right' },
  { rotate: 180, widthPx: 64, heightPx: 48, brightEdge: 'bottom' },
  { rotate: 270, widthPx: 48, heightPx: 64, brightEdge: 'left' },
] as const;

/** Takes frames, notes them, releases them, and lets a test wait for a number of them. */
export class FrameWatch {
  readonly frames: SeenFrame[] = [];
  readonly drops: Partial<Record<DropReason, number>> = {};
  /** When set, frames are kept, not released. */
  readonly held: LiveFrame[] = [];
  hold = false;
  #waiting: { readonly done: () => boolean; readonly tell: () => void }[] = [];

  readonly onFrame = (live: LiveFrame): void => {
    const { index, ptsUs, widthPx, heightPx, data } = live.lease.frame;
    const luma = data.subarray(0, widthPx * heightPx);
    let sum = 0;
    for (let at = 0; at < luma.length; at += 97) sum += luma[at]!;
    this.frames.push({
      index,
      ptsUs,
      widthPx,
      heightPx,
      arrivedAt: live.arrivedAt,
      meanLuma: sum / Math.ceil(luma.length / 97),
      brightEdge: brightEdge(luma, { widthPx, heightPx }),
    });
    if (this.hold) this.held.push(live);
    else live.lease.release();
    this.#check();
  };

  decodeErrors = 0;
  readonly onDecodeError = (): void => {
    this.decodeErrors++;
  };

  readonly onDrop = (reason: DropReason, count: number): void => {
    this.drops[reason] = (this.drops[reason] ?? 0) + count;
    this.#check();
  };

  /** Resolves once there are this many frames more than now. */
  more(count: number): Promise<void> {
    const goal = this.frames.length + count;
    return this.until(() => this.frames.length >= goal);
  }

  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((tell) => this.#waiting.push({ done, tell }));
  }

  #check(): void {
    for (const entry of this.#waiting.filter(({ done }) => done())) {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
      entry.tell();
    }
  }
}

/** Runs one connection; `stop` ends it. */
export function watchRun(source: LiveSource, startUs: Micros = micros(0)) {
  const watch = new FrameWatch();
  const abort = new AbortController();
  const opened: StreamFacts[] = [];
  const end: Promise<SourceEnd> = source.run({
    startUs,
    signal: abort.signal,
    onOpen: (facts) => opened.push(facts),
    onFrame: watch.onFrame,
    onDrop: watch.onDrop,
    onDecodeError: watch.onDecodeError,
  });
  return {
    watch,
    opened,
    end,
    stop: () => {
      abort.abort();
      return end;
    },
  };
}
