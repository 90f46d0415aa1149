import type { CameraState } from '../domain/live.js';
import { type CameraTrouble, type Rule, type RuleFiring, SILENCE_MS } from '../domain/rules.js';
import { type Micros, micros } from '../domain/units.js';
import { HeldCondition, type Turn } from './held-condition.js';
import { measureFaces, NO_SUBJECT, type RuleFace } from './measure-faces.js';
import { isWithinHours } from './within-hours.js';

/** One analysed frame as rules see it: the same live and from a file. */
export interface RuleFrame {
  readonly source: string;
  readonly ptsUs: Micros;
  /** Date.now() scale; null in recordings without wall times. */
  readonly wallTimeMs: number | null;
  readonly faces: readonly RuleFace[];
}

/** One rule at one camera. */
export class RuleAtCamera {
  readonly #held: HeldCondition;
  #ordinal = 0;
  #started: RuleFiring | undefined;
  /** The newest frame, and the newest in which the condition was met. */
  #lastPtsUs: number | undefined;
  #lastMetWallMs: number | null = null;
  /** Trouble at the camera, as its last state had it. */
  #inTrouble = false;

  constructor(
    private readonly rule: Rule,
    private readonly source: string,
    private readonly run = '',
  ) {
    const { forMs, endAfterMs, holdOffMs } = rule;
    this.#held = new HeldCondition({ forUs: forMs * 1000, endAfterUs: endAfterMs * 1000, holdOffUs: holdOffMs * 1000 });
  }

  frame({ ptsUs, wallTimeMs, faces }: RuleFrame): RuleFiring[] {
    const { when, zone, hours } = this.rule;
    if (when.type === 'camera') return [];
    const gapUs = this.#lastPtsUs === undefined ? 0 : ptsUs - this.#lastPtsUs;
    const ended = gapUs < 0 || gapUs > SILENCE_MS * 1000 ? this.silent() : [];
    this.#lastPtsUs = ptsUs;
    const counts = hours === null || wallTimeMs === null || isWithinHours(hours, wallTimeMs);
    const met = counts ? measureFaces(when, faces, zone) : new Map<number, number>();
    return [...ended, ...this.#sample({ atUs: ptsUs, wallTimeMs, met })];
  }

  /** A camera’s state, or the time passing in it. */
  state(state: CameraState, wallTimeMs: number): RuleFiring[] {
    const { when, hours } = this.rule;
    if (when.type !== 'camera') return [];
    const counts = hours === null || isWithinHours(hours, wallTimeMs);
    const isMet = counts && when.is.some((trouble) => hasTrouble(state, trouble));
    const atUs = wallTimeMs * 1000;
    // States are told when they change: what the last one said held until now.
    const until = this.#inTrouble && !isMet ? this.#sample({ atUs, wallTimeMs, met: IN_TROUBLE }) : [];
    this.#inTrouble = isMet;
    return [...until, ...this.#sample({ atUs, wallTimeMs, met: isMet ? IN_TROUBLE : NO_TROUBLE })];
  }

  /** When a camera that stays as it is turns the rule, Date.now() scale; null when it does not. */
  get dueMs(): number | null {
    if (this.rule.when.type !== 'camera') return null;
    const { dueUs } = this.#held;
    return dueUs === null ? null : Math.ceil(dueUs / 1000);
  }

  /** No frames come. */
  silent(): RuleFiring[] {
    if (this.rule.when.type === 'camera') return [];
    return this.#tell(this.#held.cut(), null, 'silent');
  }

  /** The camera is no more. */
  removed(): RuleFiring[] {
    return this.#tell(this.#held.cut(), null, 'silent');
  }

  #sample(at: {
    readonly atUs: number;
    readonly wallTimeMs: number | null;
    readonly met: ReadonlyMap<number, number>;
  }): RuleFiring[] {
    const told = this.#tell(this.#held.sample(at.atUs, at.met), at, 'released');
    if (at.met.size > 0) this.#lastMetWallMs = at.wallTimeMs;
    return told;
  }

  #tell(
    turn: Turn | null,
    at: { readonly atUs: number; readonly wallTimeMs: number | null } | null,
    endReason: 'released' | 'silent',
  ): RuleFiring[] {
    if (!turn) return [];
    const { id: rule, purpose, when, zone } = this.rule;
    const media = (us: number): Micros | null => (when.type === 'camera' ? null : micros(us));
    if (turn.phase === 'end') {
      const started = this.#started!;
      return [{ ...started, phase: 'end', endedUs: media(turn.endedUs), at: instant(this.#lastMetWallMs), endReason }];
    }
    this.#ordinal++;
    this.#started = {
      v: 1,
      id: `${this.source}/${rule}/${this.run}${this.#ordinal}`,
      phase: 'start',
      rule,
      source: this.source,
      purpose,
      condition: when.type,
      track: turn.subject === NO_SUBJECT ? null : turn.subject,
      zone,
      value: when.type === 'camera' ? null : turn.value,
      onsetUs: media(turn.onsetUs),
      firedUs: media(at!.atUs),
      endedUs: null,
      at: instant(at!.wallTimeMs),
      endReason: null,
    };
    return [this.#started];
  }
}

const IN_TROUBLE: ReadonlyMap<number, number> = new Map([[NO_SUBJECT, 0]]);
const NO_TROUBLE: ReadonlyMap<number, number> = new Map();

const instant = (wallTimeMs: number | null): string | null =>
  wallTimeMs === null ? null : new Date(wallTimeMs).toISOString();

function hasTrouble({ status, damagedSince, behindSince }: CameraState, trouble: CameraTrouble): boolean {
  switch (trouble) {
    case 'away':
      return status === 'waiting' || status === 'failed';
    case 'damaged':
      return damagedSince !== null;
    case 'behind':
      return behindSince !== null;
  }
}
