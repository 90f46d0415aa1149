/** Room for cards that went is kept so long: what lies below must not jump for a face that is lost for a moment. */
const KEPT_MS = 6000;

/** For how many there is room, and since when there were last as many. */
export interface SteadyCount {
  readonly room: number;
  readonly atMs: number;
}

/** Pure: room grows at once, shrinks once there have been fewer for a while, and is not kept for nobody. */
export function steadyCount(before: SteadyCount, count: number, nowMs: number): SteadyCount {
  if (count === 0 || count >= before.room || nowMs - before.atMs > KEPT_MS) return { room: count, atMs: nowMs };
  return before;
}
