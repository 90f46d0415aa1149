// Windows of the numbers against the markers as they were made, and what the made effect should look like. Pure.

const inside = ({ fromUs, toUs }, us) => fromUs <= us && us < toUs;
const left = ({ fromUs, toUs }, excluded) =>
  excluded.reduce(
    (sum, range) => sum - Math.max(0, Math.min(toUs, range.toUs) - Math.max(fromUs, range.fromUs)),
    toUs - fromUs,
  );

/**
 * Whether the windows of a session are those that were made. What is wrong, one line each.
 *
 * @param made - session of the study's truth
 * @param rows - rows of numbers of this session, one a participant and marker, with `n`: frames with a reading
 * @param readings - by participant: session times of frames with a reading; of whom two cameras saw at once, none
 */
export function windowFaults(made, rows, readings) {
  return made.participants.flatMap((participant) =>
    made.markers.flatMap((marker) => {
      const name = `${made.id} ${participant} ${marker.label}`;
      const row = rows.find((each) => each.participant === participant && each.marker === marker.label);
      if (!row) return [`${name}: not in the numbers`];
      const faults = [];
      const tell = (what, is, was) => {
        if (is !== was) faults.push(`${name}: ${what} is ${is}, was made ${was}`);
      };
      tell('from_s', row.from_s, marker.fromUs / 1e6);
      tell('to_s', row.to_s, marker.toUs / 1e6);
      tell('window_s', row.window_s, left(marker, made.excluded) / 1e6);
      const times = readings.get(participant);
      if (times)
        tell(
          'n',
          row.n,
          times.filter((us) => inside(marker, us) && !made.excluded.some((range) => inside(range, us))).length,
        );
      return faults;
    }),
  );
}

/** Values of a measure by participant, first under one condition or marker, then under the other; those who have both. */
export function pairsOf(rows, { by, first, second }) {
  const meanOf = (participant, side) => {
    const own = rows.filter((row) => row.participant === participant && row[by] === side && row.value !== null);
    return own.length === 0 ? null : own.reduce((sum, { value }) => sum + value, 0) / own.length;
  };
  return [...new Set(rows.map(({ participant }) => participant))]
    .map((participant) => ({ participant, first: meanOf(participant, first), second: meanOf(participant, second) }))
    .filter((pair) => pair.first !== null && pair.second !== null);
}
