import type { ActionUnitReading } from './affect.js';

/** Where on the face a movement shows, as FACS groups them. */
export type FaceRegion = 'upper face' | 'lower face';

/** One action unit as outputs name it. `left` and `right` are the subject's. */
export interface ActionUnit {
  /** Key in `FaceRecord.actionUnits`: "12", "12L", "12R". */
  readonly key: string;
  readonly number: number;
  readonly side: 'left' | 'right' | null;
  /** "AU12", "AU12L": the label of its episodes. */
  readonly code: string;
  /** FACS name in lower case, with its side: "left lip corner puller". */
  readonly name: string;
  /** Null for a number that FACS does not name. */
  readonly region: FaceRegion | null;
  /** Muscles that make the movement; empty for a number that FACS does not name. */
  readonly muscles: string;
}

/** Whether a unit, by its key or label, is the blink: blinks have episodes of their own, and are told as those alone. */
export const isBlinkUnit = (unit: string): boolean => unit === '45' || unit === 'AU45';

type Named = readonly [name: string, region: FaceRegion, muscles: string];

/** Names, regions and muscular basis after Ekman, Friesen and Hager, Facial Action Coding System (2002). */
const NAMED: Readonly<Record<number, Named>> = {
  1: ['inner brow raiser', 'upper face', 'frontalis, pars medialis'],
  2: ['outer brow raiser', 'upper face', 'frontalis, pars lateralis'],
  4: ['brow lowerer', 'upper face', 'corrugator supercilii, depressor supercilii, procerus'],
  5: ['upper lid raiser', 'upper face', 'levator palpebrae superioris'],
  6: ['cheek raiser', 'upper face', 'orbicularis oculi, pars orbitalis'],
  7: ['lid tightener', 'upper face', 'orbicularis oculi, pars palpebralis'],
  8: ['lips toward each other', 'lower face', 'orbicularis oris'],
  9: ['nose wrinkler', 'lower face', 'levator labii superioris alaeque nasi'],
  10: ['upper lip raiser', 'lower face', 'levator labii superioris'],
  11: ['nasolabial deepener', 'lower face', 'zygomaticus minor'],
  12: ['lip corner puller', 'lower face', 'zygomaticus major'],
  13: ['sharp lip puller', 'lower face', 'levator anguli oris'],
  14: ['dimpler', 'lower face', 'buccinator'],
  15: ['lip corner depressor', 'lower face', 'depressor anguli oris'],
  16: ['lower lip depressor', 'lower face', 'depressor labii inferioris'],
  17: ['chin raiser', 'lower face', 'mentalis'],
  18: ['lip pucker', 'lower face', 'incisivii labii superioris and inferioris'],
  20: ['lip stretcher', 'lower face', 'risorius'],
  22: ['lip funneler', 'lower face', 'orbicularis oris'],
  23: ['lip tightener', 'lower face', 'orbicularis oris'],
  24: ['lip pressor', 'lower face', 'orbicularis oris'],
  25: ['lips part', 'lower face', 'depressor labii inferioris, or relaxed mentalis or orbicularis oris'],
  26: ['jaw drop', 'lower face', 'relaxed masseter, temporalis and internal pterygoid'],
  27: ['mouth stretch', 'lower face', 'pterygoids, digastric'],
  28: ['lip suck', 'lower face', 'orbicularis oris'],
  29: ['jaw thrust', 'lower face', 'lateral and medial pterygoids'],
  30: ['jaw sideways', 'lower face', 'pterygoids'],
  33: ['cheek blow', 'lower face', 'buccinator, orbicularis oris'],
  34: ['cheek puff', 'lower face', 'orbicularis oris'],
  35: ['cheek suck', 'lower face', 'buccinator'],
  38: ['nostril dilator', 'lower face', 'nasalis, pars alaris'],
  39: ['nostril compressor', 'lower face', 'nasalis, pars transversa'],
  43: ['eyes closed', 'upper face', 'relaxed levator palpebrae superioris'],
  45: ['blink', 'upper face', 'relaxed levator palpebrae superioris, orbicularis oculi'],
  46: ['wink', 'upper face', 'orbicularis oculi'],
};

const SIDES = { L: 'left', R: 'right' } as const;

/**
 * What is known of a key of `FaceRecord.actionUnits`. A number that FACS does not name is called by its code. Throws
 * RangeError for a text that is no key.
 */
export function actionUnit(key: string): ActionUnit {
  const [, digits, letter] = /^([1-9]\d?)([LR])?$/.exec(key) ?? [];
  if (digits === undefined) throw new RangeError(`"${key}" is not an action unit: write "12", "12L" or "12R"`);
  const number = Number(digits);
  const side = letter === undefined ? null : SIDES[letter as 'L' | 'R'];
  const [name, region, muscles] = NAMED[number] ?? [`action unit ${number}`, null, ''];
  return { key, number, side, code: `AU${key}`, name: side === null ? name : `${side} ${name}`, region, muscles };
}

/** "AU12 lip corner puller" of an episode's label "AU12"; any other label as it is. */
export function actionUnitTitle(label: string): string {
  const key = label.replace(/^AU/, '');
  return /^AU[1-9]\d?[LR]?$/.test(label) ? `${label} ${actionUnit(key).name}` : label;
}

const REGIONS: readonly (FaceRegion | null)[] = ['upper face', 'lower face', null];

/** For lists: upper before lower face, then by number, both sides before left before right. */
export function inFaceOrder(a: ActionUnit, b: ActionUnit): number {
  const region = REGIONS.indexOf(a.region) - REGIONS.indexOf(b.region);
  return region || a.number - b.number || (a.side ?? '').localeCompare(b.side ?? '');
}

/** An active unit and its smoothed intensity, 0..5, where the model gives one. */
export interface ActiveUnit {
  readonly key: string;
  readonly intensity: number | null;
}

/** The active units of a face, strongest first; one side only where the model has no key for both sides together. */
export function activeUnits(readings: Readonly<Record<string, ActionUnitReading>> | null): ActiveUnit[] {
  if (readings === null) return [];
  return Object.entries(readings)
    .filter(([key, { active }]) => active === true && !(/[LR]$/.test(key) && key.slice(0, -1) in readings))
    .map(([key, { intensity }]) => ({ key, intensity: intensity?.smoothed ?? null }))
    .sort((a, b) => (b.intensity ?? 0) - (a.intensity ?? 0));
}
