import type { EventBus } from '../../src/cluster/event-publisher.js';
import { cameraOf, type Told } from '../../src/cluster/wire.js';

class Conflict extends Error {}

/**
 * The stream of events in memory, as JetStream keeps it: an id that it knows is answered with the number it has,
 * whatever else is expected; then the camera's newest must be the one expected.
 */
export class MemoryEvents implements EventBus {
  /** What was taken, in order. */
  readonly taken: { readonly seq: number; readonly id: string; readonly event: Told }[] = [];
  /** Ids of all that was sent, taken or not. */
  readonly sent: string[] = [];
  /** Nothing arrives. */
  away = false;
  /** So many of the next are taken, and nobody is told. */
  answersLost = 0;
  /** Called before each is looked at. */
  onAppend: () => void = () => undefined;
  #seq = 0;
  readonly #numbers = new Map<string, number>();
  readonly #newest = new Map<string, number>();

  async append(camera: string, event: Told, { id, after }: { id: string; after: number }): Promise<number> {
    this.sent.push(id);
    await Promise.resolve();
    if (this.away) throw new Error('timeout');
    this.onAppend();
    const seq = this.#numbers.get(id) ?? this.#take(camera, event, { id, after });
    if (this.answersLost > 0) {
      this.answersLost -= 1;
      throw new Error('timeout');
    }
    return seq;
  }

  async newest(camera: string): Promise<number> {
    await Promise.resolve();
    if (this.away) throw new Error('timeout');
    return this.#newest.get(camera) ?? 0;
  }

  isConflict(error: unknown): boolean {
    return error instanceof Conflict;
  }

  /** What a camera told is too old: none of it is kept. Numbers go on. */
  forget(camera: string): void {
    this.#newest.delete(camera);
  }

  /** Somebody tells something, whatever came before. */
  tell(event: Told): void {
    const camera = cameraOf(event);
    const after = this.#newest.get(camera) ?? 0;
    this.#take(camera, event, { id: `somebody.${this.#seq}`, after });
  }

  #take(camera: string, event: Told, { id, after }: { id: string; after: number }): number {
    if ((this.#newest.get(camera) ?? 0) !== after) throw new Conflict('wrong last sequence');
    const seq = ++this.#seq;
    this.taken.push({ seq, id, event });
    this.#numbers.set(id, seq);
    this.#newest.set(camera, seq);
    return seq;
  }
}
