/** Allows `perSecond` on average and `burst` at once. Pure: the time is given. */
export class TokenBucket {
  #level: number;
  #atMs: number;

  constructor(
    private readonly rate: { readonly perSecond: number; readonly burst: number },
    nowMs: number,
  ) {
    this.#level = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes `cost`; false when there is not enough left, and then nothing is taken. */
  take(nowMs: number, cost = 1): boolean {
    this.#fill(nowMs);
    if (this.#level < cost) return false;
    this.#level -= cost;
    return true;
  }

  /** Takes `cost` even where that is more than is left: the next ones wait longer. */
  charge(nowMs: number, cost: number): void {
    this.#fill(nowMs);
    this.#level = Math.max(-this.rate.burst, this.#level - cost);
  }

  /** Seconds until one may be taken again, at least 1. */
  retryAfterSeconds(): number {
    return Math.max(1, Math.ceil((1 - this.#level) / this.rate.perSecond));
  }

  full(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#level >= this.rate.burst;
  }

  #fill(nowMs: number): void {
    this.#level = Math.min(this.rate.burst, this.#level + ((nowMs - this.#atMs) / 1000) * this.rate.perSecond);
    this.#atMs = nowMs;
  }
}

/** A bucket for each address; full ones are forgotten, and there are never more than `maxAddresses`. */
export class AddressBuckets {
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(
    private readonly rate: { readonly perSecond: number; readonly burst: number },
    private readonly maxAddresses = 10_000,
  ) {}

  of(address: string, nowMs: number): TokenBucket {
    const known = this.#buckets.get(address);
    if (known) return known;
    if (this.#buckets.size >= this.maxAddresses) this.#forget(nowMs);
    const bucket = new TokenBucket(this.rate, nowMs);
    this.#buckets.set(address, bucket);
    return bucket;
  }

  get size(): number {
    return this.#buckets.size;
  }

  #forget(nowMs: number): void {
    for (const [address, bucket] of this.#buckets) if (bucket.full(nowMs)) this.#buckets.delete(address);
    // All of them busy: the oldest goes, so that the table stays bounded.
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= this.maxAddresses && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
