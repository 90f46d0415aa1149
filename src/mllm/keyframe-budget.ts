/** A budget: so many per minute of the time that is passed in, and at most `burst` at once. */
export interface Budget {
  readonly perMinute: number;
  readonly burst: number;
}

/** A bucket at one time; null stands for one not used yet, which is full. */
export interface Bucket {
  readonly tokens: number;
  readonly atUs: number;
}

/** The bucket at `nowUs`: refilled up to its burst. A time before the last one adds nothing. */
export function refill(bucket: Bucket | null, budget: Budget, nowUs: number): Bucket {
  if (bucket === null) return { tokens: budget.burst, atUs: nowUs };
  const minutes = Math.max(0, nowUs - bucket.atUs) / 60e6;
  return {
    tokens: Math.min(budget.burst, bucket.tokens + minutes * budget.perMinute),
    atUs: Math.max(nowUs, bucket.atUs),
  };
}
