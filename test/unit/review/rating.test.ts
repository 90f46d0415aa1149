import { describe, expect, test } from 'vitest';
import { ALL, filtered, neighbour, progressOf, rowsOf } from '../../../dashboards/review/src/model/filter.js';
import {
  add,
  correct,
  forget,
  historyOf,
  type Item,
  itemsOf,
  judge,
  type Rating,
  redo,
  step,
  undo,
} from '../../../dashboards/review/src/model/rating.js';
import { firstView, shareIn, viewFrom } from '../../../dashboards/review/src/ui/timeline-view.js';
import type { PersonEpisode } from '../../../src/annotations/person-episodes.js';
import { isAnnotation } from '../../../src/annotations/rater-file.js';
import { micros } from '../../../src/domain/units.js';

const WHO = { source: 'talk', rater: 'anna' };
const NOTHING: Rating = new Map();

const episode = (id: string, fromS: number, more: Partial<PersonEpisode> = {}): PersonEpisode => ({
  ...{ id, person: 1, kind: 'emotion', label: 'happiness', confidence: 0.8, peak: 0.9 },
  onsetUs: micros(fromS * 1e6),
  offsetUs: micros((fromS + 1) * 1e6),
  ...more,
});

const EPISODES = [
  episode('e1', 0),
  episode('e2', 5, { confidence: 0.5 }),
  episode('u1', 2, { kind: 'action-unit', label: 'AU12', person: 2, confidence: 0.6 }),
];
const items = (rating: Rating): Item[] => itemsOf(EPISODES, rating, WHO);
const item = (rating: Rating, id: string): Item =>
  items(rating).find((each) => each.episode?.id === id || each.id === id)!;
const said = (rating: Rating) =>
  [...rating.values()].map(({ episode: of, verdict, label, onsetUs, offsetUs }) => [
    of,
    verdict,
    label,
    onsetUs / 1e6,
    offsetUs / 1e6,
  ]);

describe('what a rater says', () => {
  test('accepted and rejected as measured; taken back', () => {
    const accepted = judge(NOTHING, item(NOTHING, 'e1'), 'accepted', WHO);
    expect(said(accepted)).toEqual([['e1', 'accepted', 'happiness', 0, 1]]);
    const rejected = judge(accepted, item(accepted, 'e1'), 'rejected', WHO);
    expect(said(rejected)).toEqual([['e1', 'rejected', 'happiness', 0, 1]]);
    expect(forget(rejected, item(rejected, 'e1')).size).toBe(0);
    expect([...accepted.values()].every(isAnnotation)).toBe(true);
  });

  test('a correction stays when it is accepted, goes when it is rejected, and is none when all is as measured', () => {
    const moved = correct(NOTHING, item(NOTHING, 'e1'), { onsetUs: 200_000 }, WHO);
    expect(said(moved)).toEqual([['e1', 'corrected', 'happiness', 0.2, 1]]);
    expect(judge(moved, item(moved, 'e1'), 'accepted', WHO)).toBe(moved);
    expect(said(judge(moved, item(moved, 'e1'), 'rejected', WHO))).toEqual([['e1', 'rejected', 'happiness', 0, 1]]);
    expect(said(correct(moved, item(moved, 'e1'), { onsetUs: 0 }, WHO))).toEqual([
      ['e1', 'accepted', 'happiness', 0, 1],
    ]);
  });

  test('nothing takes no time, and nothing begins before the video', () => {
    expect(correct(NOTHING, item(NOTHING, 'e1'), { onsetUs: 1_000_000 }, WHO)).toBe(NOTHING);
    expect(said(correct(NOTHING, item(NOTHING, 'e1'), { onsetUs: -5, label: 'fear' }, WHO))).toEqual([
      ['e1', 'corrected', 'fear', 0, 1],
    ]);
  });

  test('what is added has a number that is free, and is gone when it is rejected', () => {
    const stretch = { person: 1, kind: 'blink', label: 'blink', onsetUs: micros(1), offsetUs: micros(2) } as const;
    const one = add(NOTHING, stretch, WHO);
    const two = add(one.rating, stretch, WHO);
    expect([one.id, two.id]).toEqual(['anna/added/1', 'anna/added/2']);
    const left = judge(two.rating, item(two.rating, one.id), 'rejected', WHO);
    expect([...left.keys()]).toEqual([two.id]);
    expect(add(left, stretch, WHO).id).toBe('anna/added/1');
    expect(item(correct(left, item(left, two.id), { offsetUs: 9 }, WHO), two.id)).toMatchObject({
      verdict: 'added',
      offsetUs: 9,
    });
  });

  test('undo and redo', () => {
    const start = historyOf([]);
    const once = step(start, judge(NOTHING, item(NOTHING, 'e1'), 'accepted', WHO));
    const twice = step(once, judge(once.now, item(once.now, 'e2'), 'rejected', WHO));
    expect(undo(undo(twice)).now.size).toBe(0);
    expect(undo(start)).toBe(start);
    expect(redo(undo(twice)).now).toBe(twice.now);
    expect(redo(step(undo(twice), NOTHING)).now).toBe(NOTHING);
  });
});

describe('what is shown', () => {
  test('filters and orders; the chosen one stays', () => {
    const rating = judge(NOTHING, item(NOTHING, 'e1'), 'accepted', WHO);
    const ids = (filter: Partial<typeof ALL>, chosen?: string) =>
      filtered(items(rating), { ...ALL, ...filter }, chosen ?? null).map(({ episode: of }) => of!.id);
    expect(ids({})).toEqual(['e1', 'u1', 'e2']);
    expect(ids({ order: 'least-sure' })).toEqual(['e2', 'u1', 'e1']);
    expect(ids({ kind: 'emotion' })).toEqual(['e1', 'e2']);
    expect(ids({ person: 2 })).toEqual(['u1']);
    expect(ids({ open: true })).toEqual(['u1', 'e2']);
    expect(ids({ open: true }, 'anna/e1')).toEqual(['e1', 'u1', 'e2']);
    expect(progressOf(items(rating))).toEqual({ judged: 1, all: 3 });
  });

  test('next and before, and their ends', () => {
    const all = items(NOTHING);
    expect(neighbour(all, null, 1)?.id).toBe('anna/e1');
    expect(neighbour(all, null, -1)?.id).toBe('anna/e2');
    expect(neighbour(all, 'anna/e1', 1)?.id).toBe('anna/u1');
    expect(neighbour(all, 'anna/e2', 1)).toBeNull();
    expect(neighbour([], null, 1)).toBeNull();
  });

  test('rows by person and kind, units by their number', () => {
    const more = ['AU4', 'AU25', 'AU12'].map((label, at) => episode(`m${at}`, 9 + at, { kind: 'action-unit', label }));
    const rows = rowsOf(
      itemsOf([...EPISODES, ...more, episode('b', 3, { kind: 'blink', label: 'blink' })], NOTHING, WHO),
    );
    expect(rows.map(({ key }) => key)).toEqual(['1/emotion', '1/AU4', '1/AU12', '1/AU25', '1/blink', '2/AU12']);
  });

  test('a view stays inside the video', () => {
    expect(firstView(22)).toEqual({ from: 0, to: 22 });
    expect(firstView(3600)).toEqual({ from: 0, to: 60 });
    expect(viewFrom(-5, 10, 22)).toEqual({ from: 0, to: 10 });
    expect(viewFrom(20, 10, 22)).toEqual({ from: 12, to: 22 });
    expect(viewFrom(5, 0.1, 22)).toEqual({ from: 5, to: 7 });
    expect(shareIn({ from: 10, to: 20 }, 15)).toBe(0.5);
  });
});
