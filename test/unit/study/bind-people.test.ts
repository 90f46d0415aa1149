import { describe, expect, it } from 'vitest';
import type { Person } from '../../../src/domain/people.js';
import { bindPeople } from '../../../src/study/bind-people.js';

const person = (number: number, name: string | null = null): Person => ({ person: number, name, tracks: [] });
const places: Readonly<Record<number, number>> = { 1: 0.7, 2: 0.3, 3: 0.5 };
const context = {
  participants: ['P01', 'P02'],
  placeOf: ({ person: number }: Person) => places[number] ?? null,
};

describe('the people of a video', () => {
  it('are participants by number, by name, and by place', () => {
    const bound = (people: Readonly<Record<string, string>>, found: readonly Person[]) =>
      [...bindPeople({ people }, { people: found }, context).participants].sort((a, b) => a[0] - b[0]);
    expect(bound({ 2: 'P01' }, [person(1), person(2)])).toEqual([[2, 'P01']]);
    expect(bound({ host: 'P02' }, [person(1, 'host'), person(2)])).toEqual([[1, 'P02']]);
    expect(bound({ left: 'P01', right: 'P02' }, [person(1), person(2), person(3)])).toEqual([
      [1, 'P02'],
      [2, 'P01'],
    ]);
    // A map that names participants needs no second list.
    expect(bound({}, [person(1, 'P02'), person(2, 'somebody')])).toEqual([[1, 'P02']]);
  });

  it('may be alone: then the half of the picture says on which side', () => {
    const { participants, missing } = bindPeople(
      { people: { left: 'P01', right: 'P02' } },
      { people: [person(1)] },
      context,
    );
    expect([...participants]).toEqual([[1, 'P02']]);
    expect(missing).toEqual([{ participant: 'P01', person: 'left' }]);
  });

  it('are told where they do not fit', () => {
    const { missing, unnamed } = bindPeople(
      { people: { 1: 'P01', 4: 'P02' } },
      { people: [person(1), person(2)] },
      context,
    );
    expect(missing).toEqual([{ participant: 'P02', person: '4' }]);
    expect(unnamed.map((each) => each.person)).toEqual([2]);
  });
});
