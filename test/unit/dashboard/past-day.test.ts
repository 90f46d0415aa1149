import { describe, expect, it } from 'vitest';
import { firingsOf, instantIn, minutesOf, stripOf, timeIn } from '../../../dashboards/web/src/model/past-day.js';
import type { KeptDay } from '../../../src/domain/keeping.js';
import type { RuleFiring } from '../../../src/domain/rules.js';
import { DAY_MS, firingAtNoon, HOUR_MS, NOON_MS } from '../../support/keeping-world.js';

const day = (name: string, fromMs = 0): KeptDay => ({
  day: name,
  fromMs,
  toMs: fromMs + DAY_MS,
  files: 1,
  bytes: 1,
  snapshots: 0,
  clips: 0,
});
const told = (atMs: number, more: Partial<RuleFiring> = {}) => {
  const at = new Date(atMs).toISOString();
  return { ...firingAtNoon({ at, ...more }), wallTime: at };
};

describe('the history of a day', () => {
  it('takes a minute that two files share once, and names what leads', () => {
    const minute = (frames: number, expressions: object) => ({
      v: 1 as const,
      wallTime: new Date(NOON_MS).toISOString(),
      frames,
      faces: { most: frames, mean: 1 },
      valence: null,
      expressions,
    });
    expect(minutesOf([minute(2, { neutral: 1 }), minute(9, { neutral: 0.3, happiness: 0.7 }), minute(1, {})])).toEqual([
      { atMs: NOON_MS, faces: 9, leading: 'happiness' },
    ]);
    expect(minutesOf([minute(3, {})])[0]!.leading).toBeNull();
  });

  it('gives each firing its end and its pictures, also where an id is used again', () => {
    const entries = [
      told(NOON_MS),
      told(NOON_MS + 5_000, { phase: 'end' }),
      told(NOON_MS + HOUR_MS, { zone: 'till' }),
      told(NOON_MS + 2 * HOUR_MS, { id: 'door/other/1', rule: 'other', phase: 'end' }),
    ];
    const picture = (kind: 'snapshot' | 'clip', atMs: number) => ({
      source: 'door',
      kind,
      name: `${kind}-${atMs - NOON_MS}`,
      rule: 'smiles',
      atMs,
      bytes: 1,
    });
    const pictures = [picture('clip', NOON_MS), picture('snapshot', NOON_MS), picture('snapshot', NOON_MS + 7)];
    expect(firingsOf(entries, pictures)).toMatchObject([
      { atMs: NOON_MS + HOUR_MS, endMs: null, zone: 'till', snapshot: null },
      { atMs: NOON_MS + 7, track: null, snapshot: 'snapshot-7' },
      { atMs: NOON_MS, endMs: NOON_MS + 5_000, snapshot: 'snapshot-0', clip: 'clip-0' },
    ]);
  });

  it('has a strip without holes, the newest days of it', () => {
    const days = [day('2026-02-26'), day('2026-03-02')];
    expect(stripOf(days, 9).map((each) => [each.day.slice(5), each.kept !== null])).toEqual([
      ['02-26', true],
      ['02-27', false],
      ['02-28', false],
      ['03-01', false],
      ['03-02', true],
    ]);
    expect(stripOf(days, 2)).toHaveLength(2);
    expect(stripOf([], 9)).toEqual([]);
  });

  it('tells times of the server’s day', () => {
    const midnight = day('2026-01-15', NOON_MS);
    expect(timeIn(midnight, NOON_MS + HOUR_MS + 61_000)).toBe('01:01:01');
    expect(instantIn(midnight, '14:30')).toBe(NOON_MS + 14.5 * HOUR_MS);
    expect(instantIn(midnight, '')).toBe(NOON_MS + DAY_MS);
  });
});
