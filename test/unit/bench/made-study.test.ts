import { describe, expect, it } from 'vitest';

type Row = Readonly<Record<string, string | number | null>>;
interface People {
  bestAssignment(counts: readonly ReadonlyMap<number, number>[]): number;
  paired(
    real: readonly (readonly number[])[],
    found: readonly (readonly number[])[],
  ): { readonly of: number; readonly at: number }[];
  visibleFaces(truth: object, records: ReadonlyMap<number, readonly object[]>): { readonly record: object | null }[];
  rightPersons(faces: readonly object[], by: object): object;
  trueMap(faces: readonly object[], idOf: (person: { readonly person: number }) => string): string;
}
interface Speech {
  speakingFrames(faces: readonly object[]): object;
  f1(counts: { readonly both: number; readonly missed: number; readonly invented: number }): number | null;
}
interface Windows {
  windowFaults(made: object, rows: readonly Row[], readings: ReadonlyMap<string, readonly number[]>): string[];
  pairsOf(rows: readonly Row[], by: object): object[];
}
const load = (name: string) => import(new URL(`../../../bench/made-study/${name}.mjs`, import.meta.url).href);
const { bestAssignment, paired, visibleFaces, rightPersons, trueMap } = (await load('people')) as People;
const { speakingFrames, f1 } = (await load('speech')) as Speech;
const { windowFaults, pairsOf } = (await load('windows')) as Windows;

const LEFT = [0, 0, 10, 10];
const RIGHT = [20, 0, 30, 10];
const face = (at: readonly number[], track: number, speaking: number | null = null) => ({
  track,
  speaking,
  box: { left: at[0], top: at[1], right: at[2], bottom: at[3] },
});
const person = (number: number, box: readonly (readonly number[] | null)[], speech: readonly object[] = []) => ({
  person: number,
  speech,
  frames: { visible: box.map((each) => each !== null), box },
});

describe('persons of the made study', () => {
  it('are found by where they are: each face is one person at most', () => {
    expect(
      paired(
        [LEFT, RIGHT],
        [
          [19, 0, 30, 10],
          [1, 0, 10, 10],
          [0, 0, 10, 9],
        ],
      ),
    ).toEqual([
      { of: 1, at: 0 },
      { of: 0, at: 1 },
    ]);
  });

  it('are right where each is one person of the result, however numbers are given', () => {
    const row = (...counts: [number, number][]) => new Map(counts);
    expect(bestAssignment([row([1, 10], [2, 4]), row([1, 9], [2, 1])])).toBe(13);
    expect(bestAssignment([row([1, 10]), row([1, 9])])).toBe(10);
    expect(bestAssignment([row(), row([3, 2])])).toBe(2);
  });

  it('are counted in every frame in which they are visible, also where no face was found', () => {
    const truth = { ptsUs: [0, 100, 200], people: [person(1, [LEFT, LEFT, LEFT]), person(2, [null, RIGHT, RIGHT])] };
    const records = new Map([
      [0, [face(LEFT, 1)]],
      [1, [face(RIGHT, 2), face(LEFT, 1)]],
      [2, [face(LEFT, 3)]],
    ]);
    const faces = visibleFaces(truth, records);
    const personOf = ({ track }: { readonly track: number }) => (track === 3 ? 2 : track);
    const participantOf = (number: number) => `P${number}`;
    const idOf = (real: { readonly person: number }) => `P${real.person}`;
    expect(rightPersons(faces, { personOf, participantOf, idOf })).toEqual({
      visible: 5,
      found: 4,
      joined: 3,
      named: 3,
    });
  });
});

it('puts persons right by the map of somebody who looks at each track', () => {
  const seen = (number: number, track: number) => ({ person: person(number, []), record: face(LEFT, track) });
  const faces = [seen(2, 4), seen(1, 1), seen(1, 3), seen(2, 3), seen(1, 3), { person: person(1, []), record: null }];
  expect(trueMap(faces, ({ person: number }) => `P${number}`)).toBe('track,person,name\n4,2,P2\n1,1,P1\n3,1,P1\n');
});

describe('speaking in the made study', () => {
  it('counts a face that was not found, or of which it is not known, as silent', () => {
    const speaker = person(1, [], [{ startUs: 0, endUs: 100 }]);
    const told = (ptsUs: number, speaking: number | null) => ({
      ptsUs,
      person: speaker,
      record: face(LEFT, 1, speaking),
    });
    const missed = { ptsUs: 20, person: speaker, record: null };
    expect(speakingFrames([told(0, 0.5), missed, told(50, null), told(100, 0.9), told(120, 0.1)])).toEqual({
      ...{ both: 1, missed: 2, invented: 1 },
      ...{ faces: 5, known: 3 },
    });
  });

  it('has no F1 where nobody speaks and nobody is said to', () => {
    expect(f1({ both: 0, missed: 0, invented: 0 })).toBeNull();
    expect(f1({ both: 3, missed: 1, invented: 1 })).toBe(0.75);
  });
});

describe('windows of the made study', () => {
  const made = {
    id: 'S1',
    participants: ['P1'],
    markers: [{ label: 'q', fromUs: 1_000_000, toUs: 3_000_000 }],
    excluded: [{ fromUs: 2_500_000, toUs: 9_000_000 }],
  };
  const row = { participant: 'P1', marker: 'q', from_s: 1, to_s: 3, window_s: 1.5, n: 2 };
  const readings = new Map([['P1', [999_999, 1_000_000, 2_499_999, 2_500_000, 3_000_000]]]);

  it('have no fault where begin, end, length and every frame are as made', () => {
    expect(windowFaults(made, [row], readings)).toEqual([]);
  });

  it('have a fault for one frame too many, and for a marker that is not there', () => {
    expect(windowFaults(made, [{ ...row, n: 3 }], readings)).toEqual(['S1 P1 q: n is 3, was made 2']);
    expect(windowFaults(made, [{ ...row, to_s: 3.001 }], new Map())).toEqual(['S1 P1 q: to_s is 3.001, was made 3']);
    expect(windowFaults(made, [], readings)).toEqual(['S1 P1 q: not in the numbers']);
  });
});

it('compares people with themselves, those who have a value on both sides', () => {
  const rows = [
    { participant: 'P1', condition: 'calm', value: 3 },
    { participant: 'P1', condition: 'stress', value: 1 },
    { participant: 'P1', condition: 'stress', value: 2 },
    { participant: 'P2', condition: 'calm', value: 4 },
    { participant: 'P2', condition: 'stress', value: null },
  ];
  expect(pairsOf(rows, { by: 'condition', first: 'calm', second: 'stress' })).toEqual([
    { participant: 'P1', first: 3, second: 1.5 },
  ]);
});
