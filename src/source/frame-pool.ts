import type { ColourMatrix } from '../domain/colour.js';
import { type FrameLease, yuv420pBytes } from '../domain/frame.js';
import type { Micros } from '../domain/units.js';

export interface FramePoolOptions {
  /** More slots let the decoder run further ahead of the reader; memory is slots × frame size. */
  readonly slots: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of all frames, where it is known. */
  readonly matrix?: ColourMatrix;
}

/** A buffer taken from the pool: filled, then lent to a reader, or put back unused. */
export interface FrameSlot {
  readonly data: Uint8Array<SharedArrayBuffer>;
  lend(frame: { readonly index: number; readonly ptsUs: Micros }): FrameLease;
  putBack(): void;
}

/** A fixed number of frame buffers in shared memory. Nothing is allocated after construction. */
export class FramePool {
  readonly #options: FramePoolOptions;
  readonly #free: Uint8Array<SharedArrayBuffer>[];
  readonly #waiting: ((slot: FrameSlot | undefined) => void)[] = [];
  #closed = false;

  /** Throws RangeError unless `slots` is a whole number of at least 1. */
  constructor(options: FramePoolOptions) {
    if (!Number.isInteger(options.slots) || options.slots < 1) {
      throw new RangeError(`slots must be a whole number of at least 1, got ${options.slots}`);
    }
    this.#options = options;
    const bytes = yuv420pBytes(options.widthPx, options.heightPx);
    this.#free = Array.from({ length: options.slots }, () => new Uint8Array(new SharedArrayBuffer(bytes)));
  }

  get freeSlots(): number {
    return this.#free.length;
  }

  /** A free slot, or undefined when there is none or the pool is closed. */
  tryAcquire(): FrameSlot | undefined {
    if (this.#closed) return undefined;
    const data = this.#free.pop();
    return data && this.#slot(data);
  }

  /** A slot as soon as one is free, first come first served; undefined once the pool is closed. */
  acquire(): Promise<FrameSlot | undefined> {
    const slot = this.tryAcquire();
    if (slot || this.#closed) return Promise.resolve(slot);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Hands out no more slots and wakes those who wait. Leases that are out stay valid until released. */
  close(): void {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake(undefined);
  }

  #slot(data: Uint8Array<SharedArrayBuffer>): FrameSlot {
    const { slots: _slots, ...picture } = this.#options;
    let state: 'taken' | 'lent' | 'free' = 'taken';
    const release = (from: 'taken' | 'lent') => {
      if (state !== from) throw new Error(`frame slot released while ${state}`);
      state = 'free';
      this.#return(data);
    };
    return {
      data,
      lend: ({ index, ptsUs }) => {
        if (state !== 'taken') throw new Error(`frame slot lent while ${state}`);
        state = 'lent';
        return { frame: { index, ptsUs, ...picture, data }, release: () => release('lent') };
      },
      putBack: () => release('taken'),
    };
  }

  #return(data: Uint8Array<SharedArrayBuffer>): void {
    const wake = this.#waiting.shift();
    if (wake) wake(this.#slot(data));
    else this.#free.push(data);
  }
}
