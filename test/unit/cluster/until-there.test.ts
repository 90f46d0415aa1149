import { describe, expect, it } from 'vitest';
import { untilThere } from '../../../src/cluster/until-there.js';
import { ManualClock } from '../../support/manual-clock.js';

function waiting() {
  const clock = new ManualClock();
  const said: string[] = [];
  const over = new AbortController();
  return {
    clock,
    said,
    over,
    options: { clock, signal: over.signal, logger: { warn: (line: string) => said.push(line) } },
  };
}

describe('what part of the bus gives once it is there', () => {
  it('is tried again each second, and told of once', async () => {
    const { clock, said, options } = waiting();
    let tries = 0;
    const given = untilThere(
      'a bucket',
      async () => (++tries < 3 ? Promise.reject(new Error('no quorum')) : 'it'),
      options,
    );
    await clock.advance(999);
    expect(tries).toBe(1);
    await clock.advance(1_001);
    expect(await given).toBe('it');
    expect(tries).toBe(3);
    expect(said).toEqual(['bus: a bucket cannot be had (no quorum); trying again']);
  });

  it('is given up when mien stops, in a try and between two', async () => {
    const silent = waiting();
    const never = untilThere('a bucket', () => new Promise(() => undefined), silent.options);
    silent.over.abort();
    await expect(never).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const failing = waiting();
    const pausing = untilThere('a bucket', () => Promise.reject(new Error('no')), failing.options);
    await failing.clock.advance(10);
    failing.over.abort();
    await expect(pausing).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
