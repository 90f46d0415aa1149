// What is measured of a made study that was run: persons, speech, windows, effect.

import { rightPersons, trueMap, visibleFaces } from './people.mjs';
import { boundPeople, readNumbers, readTruth, videoResults } from './results.mjs';
import { added, f1, speakingFrames } from './speech.mjs';
import { pairsOf, windowFaults } from './windows.mjs';

/** Persons and speech of each video. */
export function measureVideos(folder) {
  const bound = boundPeople(folder);
  const { sessions } = readTruth(folder);
  return sessions.flatMap(({ videos }) =>
    videos.map(({ id }) => {
      const video = videoResults(folder, id, bound.get(id) ?? {});
      const faces = visibleFaces(video.truth, video.records);
      const { tracks, persons } = video;
      return {
        id,
        tracks,
        persons,
        people: rightPersons(faces, video),
        map: trueMap(faces, video.idOf),
        speech: video.hasSound ? speakingFrames(faces) : null,
      };
    }),
  );
}

/** All videos together: shares of persons, F1 of speech. */
export function together(videos) {
  const sum = (key) => videos.reduce((total, { people }) => total + people[key], 0);
  const speech = videos.flatMap((video) => video.speech ?? []);
  return {
    found: sum('found') / sum('visible'),
    joined: sum('joined') / sum('found'),
    named: sum('named') / sum('found'),
    namedOfVisible: sum('named') / sum('visible'),
    speechF1: f1(added(speech)),
    speechKnown:
      speech.reduce((total, { known }) => total + known, 0) / speech.reduce((total, { faces }) => total + faces, 0),
  };
}

/** Session times of frames with a reading of each participant; none of whom two cameras saw at once. */
function readingsOf(folder, { videos, participants }) {
  const bound = boundPeople(folder);
  const times = new Map(participants.map((id) => [id, []]));
  const spans = new Map(participants.map((id) => [id, []]));
  for (const { id, offsetUs } of videos) {
    const video = videoResults(folder, id, bound.get(id) ?? {});
    const all = [...video.records.values()].flat();
    for (const participant of Object.values(bound.get(id) ?? {})) {
      const own = all.filter((record) => video.participantOf(video.personOf(record)) === participant);
      const read = own.filter(({ emotions }) => emotions !== null).map(({ ptsUs }) => ptsUs + offsetUs);
      const span = [video.truth.ptsUs[0] + offsetUs, video.truth.ptsUs.at(-1) + offsetUs];
      if (spans.get(participant).some(([from, to]) => from <= span[1] && span[0] <= to)) times.delete(participant);
      spans.get(participant).push(span);
      times.get(participant)?.push(...new Set(read));
    }
  }
  return times;
}

/** What is wrong with the windows of the numbers, one line each, and how many windows there are. */
export function measureWindows(folder) {
  const rows = readNumbers(folder).filter(
    ({ level, window, speech, reference, measure }) =>
      level === 'person' &&
      window === 'marker' &&
      speech === 'all' &&
      reference === 'raw' &&
      measure === 'happiness_mean',
  );
  const { sessions } = readTruth(folder);
  const faults = sessions.flatMap((made) =>
    windowFaults(
      made,
      rows.filter(({ session }) => session === made.id),
      readingsOf(folder, made),
    ),
  );
  return {
    windows: rows.length,
    made: sessions.reduce((sum, s) => sum + s.markers.length * s.participants.length, 0),
    faults,
  };
}

/** Comparisons that the study was made to show: the first side is to be higher. */
export const EXPECTED = [
  { measure: 'happiness_mean', by: 'condition', first: 'calm', second: 'stress' },
  { measure: 'au12_intensity_mean', by: 'condition', first: 'calm', second: 'stress' },
  { measure: 'au04_intensity_mean', by: 'condition', first: 'stress', second: 'calm' },
  { measure: 'valence_mean', by: 'condition', first: 'calm', second: 'stress' },
  { measure: 'happiness_mean', by: 'marker', first: 'holiday', second: 'quarrel' },
  { measure: 'au12_intensity_mean', by: 'marker', first: 'holiday', second: 'quarrel' },
  { measure: 'au04_intensity_mean', by: 'marker', first: 'quarrel', second: 'holiday' },
  { measure: 'happiness_mean', by: 'marker', first: 'comedy', second: 'news' },
];

/** Each comparison with the means over people, and how many people go in its direction. */
export function measureEffects(folder) {
  const rows = readNumbers(folder).filter(
    ({ level, speech, reference }) => level === 'person' && speech === 'all' && reference === 'raw',
  );
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return EXPECTED.map((expected) => {
    const own = rows.filter(({ window, measure }) => window === expected.by && measure === expected.measure);
    const pairs = pairsOf(own, expected);
    const agree = pairs.filter(({ first, second }) => first > second).length;
    const [first, second] = [mean(pairs.map((pair) => pair.first)), mean(pairs.map((pair) => pair.second))];
    return { ...expected, firstMean: first, secondMean: second, people: pairs.length, agree, isFound: first > second };
  });
}
