/** How often each part is brought up to date, milliseconds: texts that change faster cannot be read. */
export const EVERY_MS = { texts: 125, faces: 400, lists: 500, health: 1000, charts: 60, reducedCharts: 1000 } as const;

type Paced = 'texts' | 'faces' | 'lists' | 'health' | 'charts';

/** When each part is due. */
export class Pace {
  readonly #dueMs: Record<Paced, number> = { texts: 0, faces: 0, lists: 0, health: 0, charts: 0 };

  /** Whether it is due; if so, next after `everyMs`. */
  due(part: Paced, nowMs: number, everyMs: number): boolean {
    if (nowMs < this.#dueMs[part]) return false;
    this.#dueMs[part] = nowMs + everyMs;
    return true;
  }

  /** With the next refresh. */
  hurry(...parts: readonly Paced[]): void {
    for (const part of parts) this.#dueMs[part] = 0;
  }
}
