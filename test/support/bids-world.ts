import { micros } from '../../src/domain/units.js';
import { NUMBER_OPTIONS } from '../../src/study/numbers/number-options.js';
import { runNumbers } from '../../src/study/numbers/run-numbers.js';
import {
  eachTrack,
  type MadeVideo,
  madeEpisode,
  madeFace,
  madeMarker,
  madeSession,
  madeStudy,
  madeStudyVideo,
  writeMadeVideo,
} from './made-study.js';

const FPS = 10;

/** Six seconds of two people. */
const video = (id: string): MadeVideo => ({
  id,
  records: Array.from({ length: 6 * FPS }, (_, frame) =>
    [1, 2].map((track) => madeFace(frame, track, frame * 100_000, { happiness: frame < 30 ? 0.2 : 0.6 })),
  ).flat(),
  episodes: [
    madeEpisode(1, ['emotion', 'happiness'], 3, 4.5),
    madeEpisode(2, ['blink', 'blink'], 1, 1.2),
    madeEpisode(1, ['blink', 'blink'], 2, 2.1),
  ],
  people: eachTrack(1, 2),
});

/** A study with names that are not BIDS's, laid out so; resolves when it is written. */
export async function writeBidsStudy(results: string): Promise<ReturnType<typeof madeStudy>> {
  for (const id of ['front-1', 'front-2']) writeMadeVideo(results, video(id));
  const people = { '1': 'P-01', '2': 'P-02' };
  const study = madeStudy(results, {
    name: 'Talking, again',
    layout: 'bids',
    participants: [
      { id: 'P-01', traits: { age: 31, group: 'a\tb' } },
      { id: 'P-02', traits: { group: 'c' } },
      { id: 'P-03', traits: { group: 'was not there' } },
    ],
    conditions: ['calm'],
    sessions: ['1', '2'].map((number) =>
      madeSession(`S_${number}`, {
        condition: number === '1' ? 'calm' : null,
        videos: [madeStudyVideo(`front-${number}`, { people, offsetUs: micros(500_000) })],
        markers: [madeMarker('Q1', 1, 4), madeMarker('Q2', 4, 5, { participant: 'P-02' })],
        excluded: [{ fromUs: micros(5e6), toUs: micros(6e6), reason: 'door bell', participant: null }],
      }),
    ),
  });
  await runNumbers(study, NUMBER_OPTIONS);
  return study;
}
