import type { BegunRecording } from '../recording/begin-recording.js';
import type { OutputPlan } from '../recording/output-plan.js';

/** Videos that are opened, and decoded a few frames ahead, before their turn comes. */
export class VideosAhead {
  readonly #begin: (plan: OutputPlan) => Promise<BegunRecording>;
  readonly #begun = new Map<OutputPlan, Promise<BegunRecording>>();

  constructor(begin: (plan: OutputPlan) => Promise<BegunRecording>) {
    this.#begin = begin;
  }

  /** Opens one that is to be taken soon. What is wrong with it is told to whoever takes it. */
  prepare(plan: OutputPlan): void {
    if (this.#begun.has(plan)) return;
    const begun = this.#begin(plan);
    begun.catch(() => undefined);
    this.#begun.set(plan, begun);
  }

  /** The video, opened now where it was not before. Whoever takes it ends it. */
  take(plan: OutputPlan): Promise<BegunRecording> {
    this.prepare(plan);
    const begun = this.#begun.get(plan)!;
    this.#begun.delete(plan);
    return begun;
  }

  /** Ends those that nobody has taken. */
  async end(): Promise<void> {
    const left = await Promise.allSettled(this.#begun.values());
    this.#begun.clear();
    await Promise.all(left.map((each) => (each.status === 'fulfilled' ? each.value.end() : undefined)));
  }
}
