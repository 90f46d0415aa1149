import type { JoinedBy } from '../domain/people.js';
import { elapsedSeconds } from '../domain/units.js';
import type { Stance, Tracklet } from './tracklet.js';

/** Two tracks that the order of shots, or where people look, says are one person. */
export interface ShotTie {
  readonly a: Tracklet;
  readonly b: Tracklet;
  readonly by: Extract<JoinedBy, 'exchange' | 'direction'>;
}

/** Tracks taken for one person so far, in order of time. */
type Person = readonly Tracklet[];
type Together = ReadonlyMap<number, ReadonlySet<number>>;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function stanceOf(person: Person): Stance {
  const yaws = person.flatMap(({ stance }) => stance.yaw ?? []);
  return {
    yaw: yaws.length > 0 ? median(yaws) : null,
    across: median(person.map(({ stance }) => stance.across)),
    size: median(person.map(({ stance }) => stance.size)),
  };
}

/** How alike two people sit in their pictures to be one whose camera moved: yaw in radians, widths of the picture, logarithm of size. */
const ALIKE = { yaw: 0.3, across: 0.2, size: 0.4 } as const;

function sitAlike(one: Person, other: Person): boolean {
  const [a, b] = [stanceOf(one), stanceOf(other)];
  return (
    Math.abs((a.yaw ?? 0) - (b.yaw ?? 0)) <= ALIKE.yaw &&
    Math.abs(a.across - b.across) <= ALIKE.across &&
    Math.abs(Math.log(a.size / b.size)) <= ALIKE.size
  );
}

/** Seconds without a face after which shots no longer follow on each other. */
const FOLLOWS_SECONDS = 3;

/** Who was shown, shot by shot: each person's place in `people`, once for as long as nobody else is shown. */
function shotsOf(people: readonly Person[]): number[] {
  const shown = people
    .flatMap((person, index) => person.map((track) => ({ track, index })))
    .sort((a, b) => a.track.seen[0]!.fromUs - b.track.seen[0]!.fromUs);
  const shots: number[] = [];
  let end: Tracklet | null = null;
  for (const { track, index } of shown) {
    const gap = end ? elapsedSeconds(end.seen.at(-1)!.toUs, track.seen[0]!.fromUs) : 0;
    if (gap > FOLLOWS_SECONDS) shots.push(NOBODY);
    if (shots.at(-1) !== index) shots.push(index);
    end = track;
  }
  return shots;
}
const NOBODY = -1;

/** Who is shown just before or after each person. */
function neighboursOf(shots: readonly number[]): Map<number, Set<number>> {
  const neighbours = new Map<number, Set<number>>();
  for (const [at, index] of shots.entries()) {
    const known = neighbours.get(index) ?? new Set();
    for (const next of [shots[at - 1], shots[at + 1]]) if (next !== undefined && next !== NOBODY) known.add(next);
    neighbours.set(index, known);
  }
  return neighbours;
}

/**
 * Shot and reverse shot: where two people are shown in turn, and one of the turns shows somebody new who sits as the one whose turn it
 * is, that is who it is: the camera moved. Only where the exchange is established, and everybody else in it is shown beside the other
 * one alone.
 */
function exchangeTies(people: readonly Person[], together: Together): ShotTie[] {
  const shots = shotsOf(people);
  const neighbours = neighboursOf(shots);
  const times = (index: number): number => shots.filter((shown) => shown === index).length;
  const isAlone = (index: number): boolean => people[index]!.every(({ track }) => together.get(track)!.size === 0);
  const ties: ShotTie[] = [];
  for (const [index, beside] of neighbours) {
    const [partner] = beside;
    if (index === NOBODY || beside.size !== 1 || partner === undefined || !isAlone(index) || !isAlone(partner))
      continue;
    const turns = [...neighbours.get(partner)!];
    if (times(partner) < 2 || !turns.every((turn) => neighbours.get(turn)!.size === 1 && isAlone(turn))) continue;
    const established = turns.filter((turn) => turn !== index && times(turn) >= 2);
    const meant = established.filter((turn) => sitAlike(people[turn]!, people[index]!));
    if (meant.length === 1 && established.length === 1)
      ties.push({ a: people[meant[0]!]![0]!, b: people[index]![0]!, by: 'exchange' });
  }
  return ties;
}

/** Yaw in radians from which on somebody who is alone in the picture looks to one side of it. */
const LOOKS_ASIDE = 0.12;
/** In a picture of two, how much further, in radians, the one on the left must look to the right than the other one. */
const FACES = 0.05;

/** The two that are seen together, the one on the left of the picture first; null where they are not two, or do not face each other. */
function facingPair(people: readonly Person[], together: Together): readonly [Person, Person] | null {
  const inCompany = people.flatMap((person) => {
    const beside = person.filter(({ track }) => together.get(track)!.size > 0);
    return beside.length > 0 ? [{ person, stance: stanceOf(beside) }] : [];
  });
  const [left, right, ...more] = inCompany.sort((a, b) => a.stance.across - b.stance.across);
  if (!left || !right || more.length > 0) return null;
  if ((left.stance.yaw ?? 0) > (right.stance.yaw ?? 0) - FACES) return null;
  return [left.person, right.person];
}

/**
 * A picture of two who face each other, and pictures of one alone: cameras stay on one side of the two, so the one on the left looks
 * to the right when alone, too. Who looks into the camera could be either.
 */
function directionTies(people: readonly Person[], together: Together): ShotTie[] {
  const pair = facingPair(people, together);
  if (!pair) return [];
  const setups = new Set(pair.flat().flatMap(({ places }) => places.map(({ setup }) => setup)));
  return people.flatMap((person) => {
    if (pair.includes(person) || person.some(({ places }) => places.some(({ setup }) => setups.has(setup)))) return [];
    const { yaw } = stanceOf(person);
    if (yaw === null || Math.abs(yaw) < LOOKS_ASIDE) return [];
    const [meant] = pair[yaw < 0 ? 0 : 1];
    return [{ a: meant!, b: person[0]!, by: 'direction' as const }];
  });
}

/** Who is one person by the order of shots and by where they look; for people whom places have joined as far as they can. */
export function shotTies(people: readonly Person[], together: Together): readonly ShotTie[] {
  return [...exchangeTies(people, together), ...directionTies(people, together)];
}
