import { expect, test } from 'vitest';
import { agreementOn, type Comparison } from '../../../src/annotations/agree.js';
import { agreementCsv, agreementRows, agreementText } from '../../../src/annotations/agreement-table.js';
import { matched, overlapOf, type Span } from '../../../src/annotations/match.js';
import { micros } from '../../../src/domain/units.js';
import { readTable } from '../../support/csv-reader.js';

const span = (fromS: number, toS: number): Span => ({ onsetUs: micros(fromS * 1e6), offsetUs: micros(toS * 1e6) });

const comparison = (
  eventsA: readonly Span[],
  eventsB: readonly Span[],
  more: Partial<Comparison> = {},
): Comparison => ({
  kind: 'emotion',
  label: 'happiness',
  judged: [span(0, 100)],
  eventsA,
  eventsB,
  frameUs: 40_000,
  ...more,
});

test('overlap is common time by all time', () => {
  expect(overlapOf(span(0, 10), span(5, 15))).toBeCloseTo(1 / 3, 12);
  expect(overlapOf(span(0, 10), span(10, 20))).toBe(0);
});

test('each is in one pair, those that overlap most first', () => {
  const [a1, a2, b1, b2] = [span(0, 10), span(10, 20), span(4, 12), span(11, 20)];
  expect(matched([a1, a2], [b1, b2]).map(({ a, b }) => [a, b])).toEqual([
    [a2, b2],
    [a1, b1],
  ]);
  expect(matched([a1, a2], [b1, b2], { least: 0.6 }).map(({ a }) => a)).toEqual([a2]);
});

test('frames, worked out by hand: 100 s at 25 frames a second', () => {
  const found = agreementOn([comparison([span(10, 30)], [span(20, 40)])]);
  expect([found.frames, found.framesA, found.framesB]).toEqual([2500, 500, 500]);
  // Agreement 0.8, chance 0.2² + 0.8² = 0.68: kappa 0.375.
  expect(found.kappa.value).toBeCloseTo(0.375, 12);
  expect(found.f1.value).toBeCloseTo(0.5, 12);
  expect([found.precision, found.recall]).toEqual([0.5, 0.5]);
  // A third in common is another event.
  expect([found.eventsMatched, found.eventF1, found.onset]).toEqual([0, 0, null]);
  const [low, high] = found.kappa.interval!;
  expect(low).toBeLessThan(0.375);
  expect(high).toBeGreaterThan(0.375);
  expect(agreementOn([comparison([span(10, 30)], [span(20, 40)])])).toEqual(found);
});

test('events: times of onset and offset, lengths', () => {
  const eventsA = [0, 20, 40, 60, 80].map((at, n) => span(at, at + 5 + n));
  const eventsB = eventsA.map(({ onsetUs, offsetUs }, n) => ({
    onsetUs: micros(onsetUs + n * 100_000),
    offsetUs: micros(offsetUs + 400_000),
  }));
  const found = agreementOn([comparison(eventsA, eventsB)]);
  expect([found.eventsMatched, found.eventF1]).toEqual([5, 1]);
  expect(found.onset!.median).toBeCloseTo(200_000, 6);
  expect(found.onset!.low).toBeCloseTo(10_000, 6);
  expect(found.onset!.high).toBeCloseTo(390_000, 6);
  expect(found.offset).toEqual({ median: 400_000, low: 400_000, high: 400_000 });
  // Lengths 5 6 7 8 9 and 5.4 6.3 7.2 8.1 9: mean squares 4.5125 between, 0.0125 left.
  expect(found.lengthConsistency).toBeCloseTo((4.5125 - 0.0125) / (4.5125 + 0.0125), 9);
  expect(found.lengthAgreement!).toBeLessThan(found.lengthConsistency!);
  expect(found.missing).toEqual([]);
});

test('what is too thin is left out, and says why', () => {
  const found = agreementOn([comparison([], [], { judged: [span(0, 20)] })]);
  expect(found).toMatchObject({ kappa: { value: null, interval: null }, f1: { value: null }, lengthAgreement: null });
  expect(found.missing).toEqual([
    'kappa: neither, or both always, saw it',
    'intervals: 2 of 10 blocks of 10 s',
    'lengths: 0 of 5 common events',
  ]);
  expect(agreementOn([comparison([], [], { judged: [] })]).missing[0]).toBe('no time that both judged');
});

test('the table has persons and all together; the summary has all together', () => {
  const named = (person: number) => ({
    ...comparison([span(10, 30)], [span(10, 30)]),
    source: 'talk',
    person,
    a: 'anna',
    b: 'mien',
  });
  const rows = agreementRows([named(1), named(2)]);
  const table = readTable(agreementCsv(rows));
  expect(table.map(({ source, person, frames, kappa }) => [source, person, frames, kappa])).toEqual([
    ['all', 'all', '5000', '1'],
    ['talk', '1', '2500', '1'],
    ['talk', '2', '2500', '1'],
  ]);
  expect(table[0]!.missing).toBe('lengths: 2 of 5 common events');
  expect(agreementText(rows)).toBe(
    'mien against anna\n  happiness    kappa 1.00 [1.00, 1.00]  F1 1.00  events 2 of 2 and 2, F1 1.00, onset 0.00 s\n',
  );
});
