import type { CameraState } from '../domain/live.js';
import type { Rule, RuleFiring } from '../domain/rules.js';
import { RuleAtCamera, type RuleFrame } from './rule-at-camera.js';

/**
 * All rules at all cameras: frames and states in, firings out. Pure but for its own state, so that a recording gives
 * the firings that the camera gave. Frames of one camera come in order of their media time.
 */
export class RuleEvaluator {
  readonly #cameras = new Map<string, { readonly rules: readonly RuleAtCamera[]; state?: CameraState }>();

  #openings = 0;

  /** @param run - stands before the ordinal of each firing, with a number for each time that a camera comes */
  constructor(
    private readonly rules: readonly Rule[],
    private readonly run = '',
  ) {}

  frame(frame: RuleFrame): RuleFiring[] {
    return this.#at(frame.source).rules.flatMap((rule) => rule.frame(frame));
  }

  state(state: CameraState, wallTimeMs: number): RuleFiring[] {
    const camera = this.#at(state.id);
    camera.state = state;
    return camera.rules.flatMap((rule) => rule.state(state, wallTimeMs));
  }

  /** Time has passed; nothing else has changed. */
  time(wallTimeMs: number): RuleFiring[] {
    return [...this.#cameras.values()].flatMap(({ rules, state }) =>
      state ? rules.flatMap((rule) => rule.state(state, wallTimeMs)) : [],
    );
  }

  /** When `time` has something to tell, Date.now() scale; null when it never has. */
  get dueMs(): number | null {
    const due = [...this.#cameras.values()].flatMap(({ rules }) => rules.flatMap(({ dueMs }) => dueMs ?? []));
    return due.length === 0 ? null : Math.min(...due);
  }

  silent(source: string): RuleFiring[] {
    return this.#cameras.get(source)?.rules.flatMap((rule) => rule.silent()) ?? [];
  }

  removed(source: string): RuleFiring[] {
    const ended = this.#cameras.get(source)?.rules.flatMap((rule) => rule.removed()) ?? [];
    this.#cameras.delete(source);
    return ended;
  }

  #at(source: string) {
    let camera = this.#cameras.get(source);
    if (!camera) {
      const own = this.rules.filter(({ cameras }) => cameras === null || cameras.includes(source));
      this.#openings += 1;
      const run = this.run === '' ? '' : `${this.run}${this.#openings}-`;
      camera = { rules: own.map((rule) => new RuleAtCamera(rule, source, run)) };
      this.#cameras.set(source, camera);
    }
    return camera;
  }
}
