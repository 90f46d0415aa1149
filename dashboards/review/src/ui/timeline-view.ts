/** The part of a video that a timeline shows, in seconds. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** What can be seen at once at least, and at first. */
const LEAST_S = 2;
const FIRST_S = 60;

export const firstView = (duration: number): View => ({ from: 0, to: Math.max(LEAST_S, Math.min(duration, FIRST_S)) });

/** So much time from there on, as far as the video goes. */
export function viewFrom(from: number, length: number, duration: number): View {
  const span = Math.max(LEAST_S, Math.min(Math.max(LEAST_S, duration), length));
  const begin = Math.max(0, Math.min(from, duration - span));
  return { from: begin, to: begin + span };
}

/** Where a time is in a view, 0 to 1 inside of it. */
export const shareIn = ({ from, to }: View, seconds: number): number => (seconds - from) / (to - from);
