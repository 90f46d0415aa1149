import { describe, expect, test } from 'vitest';
import type { Emotion } from '../../../src/domain/affect.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import { microsFromSeconds } from '../../../src/domain/units.js';
import { createPeakSelector, type Peak, type PeakSelector } from '../../../src/report/peak-selector.js';
import { reportFixture } from '../../support/report-fixture.js';

const base = reportFixture({ seconds: 1 }).frames[0]!.records[0]!;

const face = (
  seconds: number,
  label: Emotion | null,
  confidence: number,
  extra: Partial<FaceRecord> = {},
): FaceRecord => ({
  ...base,
  ptsUs: microsFromSeconds(seconds),
  track: 1,
  validity: 'ok',
  blink: false,
  label,
  confidence: label && confidence,
  ...extra,
});

const run = (selector: PeakSelector, records: readonly FaceRecord[]): Peak[] =>
  records.map((record) => selector.consider(record)).filter((peak) => peak !== null);

describe('createPeakSelector', () => {
  test('one slot per stretch of a label; a better frame replaces it, by the margin', () => {
    const peaks = run(createPeakSelector(), [
      face(0, 'happiness', 0.6),
      face(0.3, 'happiness', 0.62),
      face(0.6, 'happiness', 0.8),
      face(0.9, 'happiness', 0.7),
      face(2, 'anger', 0.7),
      face(4, 'happiness', 0.9),
    ]);
    expect(peaks.map(({ slot, label, value }) => [slot, label, value])).toEqual([
      [1, 'happiness', 0.6],
      [1, 'happiness', 0.8],
      [2, 'anger', 0.7],
      [3, 'happiness', 0.9],
    ]);
  });

  test.each([
    ['no label', face(0, null, 0)],
    ['an invalid face', face(0, 'fear', 0.9, { validity: 'blurred' })],
    ['no box', face(0, 'fear', 0.9, { box: null })],
    ['a blink', face(0, 'fear', 0.9, { blink: true })],
    ['no track', face(0, 'fear', 0.9, { track: null })],
  ])('never chooses %s', (_, record) => {
    expect(createPeakSelector().consider(record)).toBeNull();
  });

  test('keeps its spacing, and one neutral picture per track', () => {
    const peaks = run(createPeakSelector({ spacingSeconds: 2 }), [
      face(0, 'neutral', 0.9),
      face(1, 'surprise', 0.9),
      face(2.5, 'surprise', 0.9),
      face(6, 'neutral', 0.8),
      face(7, 'neutral', 0.95),
    ]);
    expect(peaks.map(({ slot, label, ptsUs }) => [slot, label, ptsUs / 1e6])).toEqual([
      [1, 'neutral', 0],
      [2, 'surprise', 2.5],
      [1, 'neutral', 7],
    ]);
  });

  test('when full, gives up the weakest of the most frequent label', () => {
    const selector = createPeakSelector({ perTrack: 3 });
    const peaks = run(selector, [
      face(0, 'happiness', 0.7),
      face(5, 'fear', 0.5),
      face(10, 'happiness', 0.6),
      face(15, 'anger', 0.61),
      face(20, 'anger', 0.9),
      face(25, 'happiness', 0.1),
    ]);
    expect(peaks.map(({ label, evicted }) => [label, evicted])).toEqual([
      ['happiness', null],
      ['fear', null],
      ['happiness', null],
      ['anger', 3],
    ]);
    expect(selector.forget(1)).toEqual([1, 2, 4]);
    expect(selector.forget(1)).toEqual([]);
  });

  test('is rare: at most perSecond choices a second of video, over all tracks', () => {
    const selector = createPeakSelector({ perSecond: 3, margin: 0.001 });
    const records = Array.from({ length: 50 }, (_, at) => face(at / 50, 'happiness', at / 50, { track: 1 + (at % 5) }));
    expect(run(selector, records)).toHaveLength(3);
  });

  test('on a minute of two people, the pictures are few and on the peaks', () => {
    const selector = createPeakSelector();
    const fixture = reportFixture();
    const kept = new Map<number, Peak>();
    let choices = 0;
    for (const { records } of fixture.frames) {
      for (const peak of run(selector, records)) {
        choices += 1;
        kept.set(peak.slot, peak);
      }
    }
    expect(choices).toBeLessThan(120);
    for (const episode of fixture.episodes.filter(({ kind }) => kind === 'emotion')) {
      const best = [...kept.values()].filter(
        ({ track, label, ptsUs }) =>
          track === episode.track && label === episode.label && ptsUs >= episode.onsetUs && ptsUs <= episode.offsetUs!,
      );
      expect(best, episode.id).toHaveLength(1);
      expect(best[0]!.value, episode.id).toBeGreaterThan(episode.peak - 0.16);
    }
  });
});
