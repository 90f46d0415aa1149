import type { ServerLimits } from '../domain/server-limits.js';
import { Problem } from './problem.js';
import { TokenBucket } from './token-bucket.js';

/** Cameras are tried one at a time, and not often: each is a connection, maybe a login, to an address of the asker's choice. */
export class SourceTests {
  readonly #bucket: TokenBucket;
  #busy = false;

  constructor({ testsPerSecond: perSecond, testBurst: burst }: Pick<ServerLimits, 'testsPerSecond' | 'testBurst'>) {
    this.#bucket = new TokenBucket({ perSecond, burst }, performance.now());
  }

  /** Throws RATE_LIMITED when it is not the time. */
  async run<T>(test: () => Promise<T>): Promise<T> {
    if (this.#busy) throw later('another camera is being tested', 5);
    if (!this.#bucket.take(performance.now())) {
      throw later('cameras have been tested often', this.#bucket.retryAfterSeconds());
    }
    this.#busy = true;
    try {
      return await test();
    } finally {
      this.#busy = false;
    }
  }
}

const later = (why: string, seconds: number): Problem =>
  new Problem('RATE_LIMITED', `${why}: try again in ${seconds} s`, { 'retry-after': String(seconds) });
