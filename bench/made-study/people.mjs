// Who is in the frames of a video: what mien says against what is true. Pure.

/** Least overlap (intersection over union) of a face that was found with a true one. */
const LEAST_OVERLAP = 0.3;

const area = ([left, top, right, bottom]) => Math.max(0, right - left) * Math.max(0, bottom - top);

export function overlap(a, b) {
  const common = area([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);
  return common === 0 ? 0 : common / (area(a) + area(b) - common);
}

/** Pairs of true and found boxes, those that overlap most first; each is in one pair at most. */
export function paired(trueBoxes, foundBoxes) {
  const candidates = trueBoxes
    .flatMap((box, of) => foundBoxes.map((found, at) => ({ of, at, share: overlap(box, found) })))
    .filter(({ share }) => share >= LEAST_OVERLAP)
    .sort((a, b) => b.share - a.share);
  const pairs = [];
  for (const { of, at } of candidates)
    if (!pairs.some((pair) => pair.of === of || pair.at === at)) pairs.push({ of, at });
  return pairs;
}

/** The most that can be right when each true person is one person of the result, and no two are the same. */
export function bestAssignment(counts) {
  const [first, ...rest] = counts;
  if (first === undefined) return 0;
  const without = bestAssignment(rest);
  const withEach = [...first].map(
    ([person, frames]) =>
      frames + bestAssignment(rest.map((row) => new Map([...row].filter(([other]) => other !== person)))),
  );
  return Math.max(without, ...withEach);
}

/**
 * Every true person in every frame in which their face is visible, with the face that was found there.
 *
 * @param truth - what the renderer wrote of the video
 * @param records - records of the video, faces only, by frame
 * @returns one a person and frame: `person`, `frame`, `ptsUs`, and `record`, null where no face was found
 */
export function visibleFaces(truth, records) {
  return truth.ptsUs.flatMap((ptsUs, frame) => {
    const there = truth.people.filter(({ frames }) => frames.visible[frame]);
    const found = records.get(frame) ?? [];
    const boxes = found.map(({ box: { left, top, right, bottom } }) => [left, top, right, bottom]);
    const pairs = paired(
      there.map(({ frames }) => frames.box[frame]),
      boxes,
    );
    return there.map((person, of) => {
      const pair = pairs.find((each) => each.of === of);
      return { person, frame, ptsUs, record: pair ? found[pair.at] : null };
    });
  });
}

/**
 * Share of faces with the right person. `found`: of visible ones; `joined`: of found ones, when each true person is one of
 * the result; `named`: of found ones, by the participant that the study has for it.
 *
 * @param faces - of `visibleFaces`
 * @param personOf - number of the person whose face a record is, or null
 * @param participantOf - participant that a number is, or null
 * @param idOf - participant that a true person is
 */
export function rightPersons(faces, { personOf, participantOf, idOf }) {
  const found = faces.filter(({ record }) => record !== null);
  const counts = new Map();
  let named = 0;
  for (const { person, record } of found) {
    const told = personOf(record);
    if (participantOf(told) === idOf(person)) named++;
    const row = counts.get(person) ?? new Map();
    if (told !== null) row.set(told, (row.get(told) ?? 0) + 1);
    counts.set(person, row);
  }
  return { visible: faces.length, found: found.length, joined: bestAssignment([...counts.values()]), named };
}

/** The map with which somebody who looks at every track puts persons right: each track is who it shows the longest. */
export function trueMap(faces, idOf) {
  const byTrack = new Map();
  for (const { person, record } of faces) {
    if (record === null) continue;
    const counts = byTrack.get(record.track) ?? new Map();
    byTrack.set(record.track, counts.set(idOf(person), (counts.get(idOf(person)) ?? 0) + 1));
  }
  const shown = [...byTrack].map(([track, counts]) => [track, [...counts].sort((a, b) => b[1] - a[1])[0][0]]);
  const ids = [...new Set(shown.map(([, id]) => id))].sort();
  return ['track,person,name', ...shown.map(([track, id]) => `${track},${ids.indexOf(id) + 1},${id}`), ''].join('\n');
}
