/**
 * Changes of label per second of labelled time. A stretch without a label neither counts as a change nor as time:
 * the label after it is compared with the one before it.
 * @param {(string | null)[]} labels one per frame
 * @param {number} fps
 */
export function labelFlips(labels, fps) {
  const present = labels.filter((label) => label !== null);
  const flips = present.filter((label, index) => index > 0 && label !== present[index - 1]).length;
  return { flips, seconds: present.length / fps };
}

/** Sums over clips. */
export function flipsPerSecond(clips) {
  const sum = (pick) => clips.reduce((total, clip) => total + pick(clip), 0);
  const seconds = sum(({ seconds }) => seconds);
  return seconds > 0 ? sum(({ flips }) => flips) / seconds : null;
}
