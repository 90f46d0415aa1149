// Who speaks: what mien says against what is true, a person and a frame at a time. Pure.

/** Whether somebody speaks at a time. `stretches` are half-open. */
export const isIn = (stretches, ptsUs) => stretches.some(({ startUs, endUs }) => startUs <= ptsUs && ptsUs < endUs);

/** Counts of a comparison. @param pairs - [true, told] */
export function counted(pairs) {
  const counts = { both: 0, missed: 0, invented: 0 };
  for (const [is, told] of pairs) {
    if (is && told) counts.both++;
    else if (is) counts.missed++;
    else if (told) counts.invented++;
  }
  return counts;
}

/** Harmonic mean of precision and recall; null where nobody spoke and nobody was said to. */
export function f1({ both, missed, invented }) {
  return both + missed + invented === 0 ? null : (2 * both) / (2 * both + missed + invented);
}

export const added = (all) =>
  all.reduce(
    (sum, { both, missed, invented }) => ({
      both: sum.both + both,
      missed: sum.missed + missed,
      invented: sum.invented + invented,
    }),
    { both: 0, missed: 0, invented: 0 },
  );

/** From which probability on a face is told to speak. */
const SPEAKS = 0.5;

/**
 * Who speaks in a video, of every visible face: a face that was not found, and one of which it is not known, count as
 * silent. `known`: faces of which it is known.
 */
export function speakingFrames(faces) {
  const pairs = faces.map(({ person, ptsUs, record }) => [
    isIn(person.speech, ptsUs),
    (record?.speaking ?? 0) >= SPEAKS,
  ]);
  const known = faces.filter(({ record }) => record !== null && record.speaking !== null).length;
  return { ...counted(pairs), faces: faces.length, known };
}
