import type { KeepDrop } from '../domain/keeping.js';
import { localDay } from './kept-names.js';
import { type KeptItem, openPart, type Part, type PartOptions } from './part.js';

/** What may wait for the disk: more is dropped, and counted. Some ten seconds of a busy camera. */
export const MAX_WAITING = 500;
/** Earlier than its part began by more than this: the clock was set back, and another part begins. */
const SET_BACK_MS = 5_000;

interface CameraRecorderOptions extends PartOptions {
  readonly settings: PartOptions['settings'] & { readonly partBytes: number };
  /** Whether anything can be written now. */
  readonly recording: () => boolean;
  /** Something is not kept. */
  readonly onDropped: (reason: KeepDrop) => void;
  /** Writing failed; the part has been ended as far as it was whole. */
  readonly onFailure: (error: unknown) => void;
}

/** Writes what is kept of one camera, in order, in parts: by local day and by size. Taking never waits and never throws. */
export class CameraRecorder {
  readonly #options: CameraRecorderOptions;
  #part: Part | null = null;
  #waiting = 0;
  /** One thing after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: CameraRecorderOptions) {
    this.#options = options;
  }

  take(item: KeptItem): void {
    if (this.#waiting >= MAX_WAITING) {
      this.#options.onDropped('queue full');
      return;
    }
    this.#waiting++;
    this.#do(async () => {
      this.#waiting--;
      if (!this.#options.recording()) {
        this.#options.onDropped('stopped');
        return;
      }
      if (this.#part && this.#isOver(this.#part, item.atMs)) await this.#finish();
      this.#part ??= await openPart(item.atMs, this.#options);
      await this.#part.take(item);
    });
  }

  /** Writes what is pending, and ends a part that is full or of a day before `nowMs`. */
  flush(nowMs: number): Promise<void> {
    return this.#do(async () => {
      if (!this.#part) return;
      const bytes = await this.#part.flush();
      if (bytes >= this.#options.settings.partBytes || this.#part.day < localDay(nowMs)) await this.#finish();
    });
  }

  /** Ends the part that is being written. */
  finish(): Promise<void> {
    return this.#do(() => this.#finish());
  }

  #isOver({ day, startMs }: Part, atMs: number): boolean {
    return localDay(atMs) !== day || atMs < startMs - SET_BACK_MS;
  }

  async #finish(): Promise<void> {
    const part = this.#part;
    this.#part = null;
    await part?.finish();
  }

  #do(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch(async (error: unknown) => {
      await this.#finish().catch(() => undefined); // The first failure is the cause.
      this.#options.onFailure(error);
    });
    return this.#work;
  }
}
