import { describe, expect, it } from 'vitest';
import { type Lane, LaneDeath } from '../../../src/inference/lane.js';
import { LanePool } from '../../../src/inference/lane-pool.js';

/** A lane whose jobs end when the test says so. */
class ScriptedLane {
  readonly jobs: { resolve(): void; die(): void }[] = [];
  runs = 0;
  #over = false;
  #end: (why: string | undefined) => void = () => undefined;
  readonly ended = new Promise<string | undefined>((resolve) => {
    this.#end = resolve;
  });

  get load(): number {
    return this.jobs.length;
  }

  run = () => {
    this.runs += 1;
    if (this.runs > 1000) throw new Error('spins');
    if (this.#over) return Promise.reject(new LaneDeath('over'));
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => () => {
        this.jobs.shift();
        finish();
      };
      this.jobs.push({
        resolve: settle(() => resolve({ outputs: {}, busyMs: 1 })),
        die: settle(() => reject(new LaneDeath('died'))),
      });
    });
  };

  die(): void {
    this.#over = true;
    for (const job of [...this.jobs]) job.die();
    this.#end('died');
  }

  close = async (): Promise<void> => {
    this.#over = true;
    for (const job of [...this.jobs]) job.die();
    this.#end(undefined);
  };
}

/** Lets what is due happen. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const asLane = (lane: ScriptedLane): Lane => lane as unknown as Lane;

async function poolOf(lanes: readonly (ScriptedLane | Promise<ScriptedLane>)[], restartBudget = 5) {
  const left = [...lanes];
  return LanePool.start({
    lanes: 1,
    models: [],
    intraOpThreads: 1,
    restartBudget,
    now: () => 0,
    startLane: async () => asLane(await left.shift()!),
  });
}

describe('a lane pool that is closed', () => {
  it('tells LANES_CLOSED to who waits, to jobs that are cut off, and to who comes later', async () => {
    const lane = new ScriptedLane();
    const pool = await poolOf([lane]);
    const under = [pool.run('m', {}), pool.run('m', {})];
    await turn();
    const waiting = [pool.run('m', {}), pool.run('m', {})];
    await turn();
    const closing = pool.close();
    const refused = [...under, ...waiting, pool.run('m', {})].map((job) =>
      expect(job).rejects.toMatchObject({ code: 'LANES_CLOSED' }),
    );
    await Promise.all([...refused, closing]);
    expect(lane.runs).toBe(2);
  });

  it('is not held up by a lane that is being started again', async () => {
    const lane = new ScriptedLane();
    let aborted = false;
    let starts = 0;
    const pool = await LanePool.start({
      lanes: 1,
      models: [],
      intraOpThreads: 1,
      startLane: (_, signal) => {
        if (starts++ === 0) return Promise.resolve(asLane(lane));
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          }),
        );
      },
    });
    const job = pool.run('m', {});
    lane.die();
    await turn();
    expect(starts).toBe(2);
    const refused = expect(job).rejects.toMatchObject({ code: 'LANES_CLOSED' });
    await pool.close();
    await refused;
    expect(aborted).toBe(true);
  });

  it('does not start when it is told to stop first', async () => {
    const start = LanePool.start({ lanes: 2, models: [], intraOpThreads: 1 }, AbortSignal.abort());
    await expect(start).rejects.toMatchObject({ code: 'LANES_CLOSED' });
  });
});

describe('a lane that dies', () => {
  it('is started again on the same device', async () => {
    const [first, second] = [new ScriptedLane(), new ScriptedLane()];
    const devices: unknown[] = [];
    const left = [first, second];
    const pool = await LanePool.start({
      lanes: 1,
      models: [],
      intraOpThreads: 1,
      device: 'cuda',
      startLane: async ({ device }) => {
        devices.push(device);
        return asLane(left.shift()!);
      },
    });
    first.die();
    await turn();
    await pool.close();
    expect(devices).toEqual(['cuda', 'cuda']);
  });

  it('costs those nothing who wait while it is started again', async () => {
    const [first, second] = [new ScriptedLane(), new ScriptedLane()];
    const pool = await poolOf([first, second]);
    const jobs = Array.from({ length: 4 }, () => pool.run('m', {}));
    first.die();
    const done = Promise.all(jobs);
    let ended = false;
    void done.finally(() => {
      ended = true;
    });
    while (!ended) {
      second.jobs[0]?.resolve();
      await turn();
    }
    expect(await done).toHaveLength(4);
    await pool.close();
  });

  it('fails everyone who waits when no other may be started', async () => {
    const lane = new ScriptedLane();
    const pool = await poolOf([lane], 0);
    const jobs = Array.from({ length: 5 }, () => pool.run('m', {}));
    lane.die();
    for (const job of jobs) await expect(job).rejects.toMatchObject({ code: 'LANE_DIED' });
    await pool.close();
  });
});
