import { type ActionUnitReading, EMOTIONS, type Emotion } from '../../src/domain/affect.js';

/** Keys of the fixture's model, in its order. */
export const FIXTURE_UNITS = '1 2 4 5 6 7 9 10 12 14 15 17 20 23 24 25 26 45 12L 12R'.split(' ');

/** Degrees that each expression has at its height; for made-up data only. */
const EXPRESSIONS: Readonly<Partial<Record<Emotion, Readonly<Record<string, number>>>>> = {
  happiness: { 6: 2.9, 7: 1.1, 12: 3.8, '12L': 4.1, '12R': 3.4, 25: 2.3 },
  surprise: { 1: 3.4, 2: 3.1, 5: 2.6, 25: 2.2, 26: 2.9 },
  sadness: { 1: 2.4, 4: 1.9, 15: 2.7, 17: 1.7 },
  anger: { 4: 3.6, 5: 1.2, 7: 2.8, 23: 2.1, 24: 1.6 },
  disgust: { 4: 1.3, 9: 3.3, 10: 2.6, 17: 1.2 },
  fear: { 1: 2.8, 2: 1.9, 4: 2, 5: 2.7, 20: 2.4, 25: 1.8 },
  contempt: { 14: 3.1, '12R': 1.6 },
};

export interface UnitEvent {
  readonly label: string;
  readonly onsetUs: number;
  readonly apexUs: number;
  readonly offsetUs: number;
  readonly peak: number;
  readonly mean: number;
}

/** Follows one scripted person's action units: degrees from its smoothed expression, with a slow unrest of their own. */
export class ScriptedUnits {
  readonly #open = new Map<string, { onsetUs: number; apexUs: number; peak: number; sum: number; count: number }>();

  /** Readings at a time, and the episodes that ended there; nothing is read while `smoothed` is null. */
  step(
    ptsUs: number,
    face: { readonly smoothed: readonly number[] | null; readonly blinking: boolean; readonly warm: boolean },
  ): { readings: Record<string, ActionUnitReading> | null; ended: UnitEvent[] } {
    if (face.smoothed === null) return { readings: null, ended: this.finish(ptsUs) };
    const ended: UnitEvent[] = [];
    const readings: Record<string, ActionUnitReading> = {};
    for (const [index, key] of FIXTURE_UNITS.entries()) {
      let degree = 0.12 + 0.12 * Math.sin(ptsUs / 9e5 + index * 1.7);
      for (const [at, share] of face.smoothed.entries()) degree += share * (EXPRESSIONS[EMOTIONS[at]!]?.[key] ?? 0);
      if (key === '45') degree = face.blinking ? 4.5 : 0.1;
      if (key === '25') degree += Math.max(0, Math.sin(ptsUs / 2.3e5)) * Math.max(0, Math.sin(ptsUs / 6e6)) * 1.4;
      degree = Math.min(5, Math.max(0, degree));
      const active = degree >= (this.#open.has(key) ? 0.7 : 1);
      const presence = 1 / (1 + Math.exp(-3.2 * (degree - 0.8)));
      readings[key] = {
        presence: { raw: presence, baselined: null, smoothed: presence },
        intensity: { raw: Math.min(5, degree + 0.2), baselined: face.warm ? null : degree, smoothed: degree },
        active,
      };
      if (!/[LR]$/.test(key)) ended.push(...this.#follow(key, { ptsUs, degree, active }));
    }
    return { readings, ended };
  }

  finish(ptsUs: number): UnitEvent[] {
    return [...this.#open.keys()].map((key) => this.#close(key, ptsUs));
  }

  #follow(key: string, now: { ptsUs: number; degree: number; active: boolean }): UnitEvent[] {
    const { ptsUs, degree, active } = now;
    const open = this.#open.get(key);
    if (!active) return open ? [this.#close(key, ptsUs)] : [];
    if (!open) {
      this.#open.set(key, { onsetUs: ptsUs, apexUs: ptsUs, peak: degree, sum: degree, count: 1 });
      return [];
    }
    open.sum += degree;
    open.count += 1;
    if (degree > open.peak) {
      open.peak = degree;
      open.apexUs = ptsUs;
    }
    return [];
  }

  #close(key: string, offsetUs: number): UnitEvent {
    const { onsetUs, apexUs, peak, sum, count } = this.#open.get(key)!;
    this.#open.delete(key);
    return { label: `AU${key}`, onsetUs, apexUs, offsetUs, peak: peak / 5, mean: sum / count / 5 };
  }
}
