import { describe, expect, it } from 'vitest';
import type { Episode } from '../../../src/domain/records.js';
import { probability } from '../../../src/domain/units.js';
import { releaseEnds } from '../../../src/temporal/episodes.js';
import { temporalOptions } from '../../../src/temporal/resolve-options.js';
import {
  createSpeechTrack,
  endSpeech,
  type SpeakingEvidence,
  stepSpeechTurns,
} from '../../../src/temporal/track-speech.js';
import { CIRCUMPLEX } from '../../support/temporal-faces.js';

const options = temporalOptions({ circumplex: CIRCUMPLEX });

/** Turns told of a probability over time, 25 frames a second, as [onset, offset] in seconds. */
function turns(seconds: number, of: (at: number) => number | SpeakingEvidence): (readonly [number, number])[] {
  const track = createSpeechTrack();
  const out: Episode[] = [];
  const queue = { waiting: [] };
  const outlet = { source: 'test', trackId: 1, out, queue, counters: { droppedShortEpisodes: 0 } };
  for (let frame = 0; frame < seconds * 25; frame += 1) {
    const said = of(frame / 25);
    const evidence = typeof said === 'number' ? { speaking: probability(said) } : said;
    stepSpeechTurns(track, options, { ptsUs: frame * 40_000, evidence, outlet });
  }
  endSpeech(track, options, { reason: 'source-end', outlet });
  return releaseEnds(queue, Number.POSITIVE_INFINITY).map(({ onsetUs, offsetUs }) => [onsetUs / 1e6, offsetUs! / 1e6]);
}
const within = (at: number, from: number, to: number): boolean => at >= from && at < to;

describe('turns of speech', () => {
  it('begin and end where the probability rose and fell', () => {
    expect(turns(4, (at) => (within(at, 1, 3) ? 0.9 : 0.05))).toEqual([[1, 3]]);
  });

  it('hold a pause for breath, and are two where the pause is long', () => {
    expect(turns(5, (at) => (within(at, 1, 4) && !within(at, 2, 2.4) ? 0.9 : 0.05))).toEqual([[1, 4]]);
    expect(turns(5, (at) => (within(at, 1, 4) && !within(at, 2, 3) ? 0.9 : 0.05))).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('leave out a cough, and what is never likely', () => {
    expect(turns(3, (at) => (within(at, 1, 1.2) ? 0.9 : 0.05))).toEqual([]);
    expect(turns(3, () => 0.45)).toEqual([]);
  });

  it('wait where it is not known, and tell why', () => {
    const track = createSpeechTrack();
    const outlet = {
      source: 'test',
      trackId: 1,
      out: [],
      queue: { waiting: [] },
      counters: { droppedShortEpisodes: 0 },
    };
    const step = (evidence: SpeakingEvidence | undefined) =>
      stepSpeechTurns(track, options, { ptsUs: 0, evidence, outlet });
    expect(step({ missing: 'occluded' })).toEqual({ speaking: null, speakingMissing: 'occluded' });
    expect(step(undefined)).toEqual({ speaking: null, speakingMissing: 'no-sound' });
  });
});
