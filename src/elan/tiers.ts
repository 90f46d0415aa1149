import { actionUnit } from '../domain/action-units.js';
import { EMOTIONS } from '../domain/affect.js';
import type { EpisodeKind } from '../domain/episode-kind.js';

/** What a tier holds: one kind of one person; of action units, which overlap, a single unit. */
export interface TierSubject {
  readonly person: number;
  readonly kind: EpisodeKind;
  /** Of action units: "AU12". */
  readonly label: string | null;
  /** Whose judgement it is; null: measured. */
  readonly rater: string | null;
}

/** Kinds with one tier a person: no two episodes of theirs are at one time. */
const SINGLE: readonly string[] = ['emotion', 'blink', 'speech'] as const;
const UNIT = /^AU[1-9]\d?[LR]?$/;
const TIER = /^Person ([1-9]\d{0,8}) (\S+?)(?: \(\d+\))?(?:@([A-Za-z0-9_-]+))?$/;

/** "Person 1 emotion", "Person 1 AU12", "Person 1 blink@anna"; `lane` from 2 where one tier is not enough: "Person 1 emotion (2)". */
export function tierName({ person, kind, label, rater }: TierSubject, lane = 1): string {
  const what = kind === 'action-unit' ? label : kind;
  return `Person ${person} ${what}${lane > 1 ? ` (${lane})` : ''}${rater === null ? '' : `@${rater}`}`;
}

/** What a tier of such a name holds; null where it is none of ours. */
export function tierSubject(name: string): TierSubject | null {
  const [, person, what, rater] = TIER.exec(name) ?? [];
  if (person === undefined || what === undefined) return null;
  const unit = UNIT.test(what);
  if (!unit && !SINGLE.includes(what)) return null;
  const kind = (unit ? 'action-unit' : what) as EpisodeKind;
  return { person: Number(person), kind, label: unit ? what : null, rater: rater ?? null };
}

/** A word that a kind of tier may hold, with what it means. */
export interface TierWord {
  readonly value: string;
  readonly meaning: string;
}

/** The words of each kind of tier, in the order in which ELAN offers them. */
export function tierWords(units: readonly string[]): ReadonlyMap<EpisodeKind, readonly TierWord[]> {
  const words: readonly (readonly [string, readonly TierWord[]])[] = [
    ['emotion', EMOTIONS.map((value) => ({ value, meaning: `looks of ${value}` }))],
    ['action-unit', units.map((key) => ({ value: actionUnit(key).code, meaning: actionUnit(key).name }))],
    ['blink', [{ value: 'blink', meaning: 'both eyes close and open' }]],
    ['speech', [{ value: 'speech', meaning: 'this person speaks' }]],
  ];
  return new Map(words as readonly (readonly [EpisodeKind, readonly TierWord[]])[]);
}

/** The label that a value of such a tier means; null where it is none. Case and space around it do not count. */
export function labelOfValue({ kind, label }: TierSubject, value: string): string | null {
  const word = value.trim().toLowerCase();
  if (kind !== 'action-unit')
    return (
      tierWords([])
        .get(kind)
        ?.find((each) => each.value === word)?.value ?? null
    );
  return word === label?.toLowerCase() ? label : null;
}
