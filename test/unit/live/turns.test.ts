import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { LiveFrame } from '../../../src/domain/live.js';
import { micros } from '../../../src/domain/units.js';
import { analyseNewest } from '../../../src/live/analyse-newest.js';
import { Turns } from '../../../src/live/turns.js';
import type { FramePipeline } from '../../../src/pipeline/face-pipeline.js';
import type { AskTurn } from '../../../src/rx/latest-map.js';
import { FrameLender, settled, telemetryLog } from '../../support/live-frames.js';
import { faceRecord } from '../../support/record-builders.js';

/** Questions of seats by name: who was given a turn, and how to end it. */
function asking(atOnce: number) {
  const turns = new Turns(() => atOnce);
  const seats = new Map<string, AskTurn>();
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (name: string): (() => void) => {
    const seat = seats.get(name) ?? turns.seat();
    seats.set(name, seat);
    return seat((endTurn) => {
      log.push(name);
      ends.set(name, endTurn);
    });
  };
  return { log, ask, end: (name: string) => ends.get(name)!() };
}

describe('Turns', () => {
  it('serves in the order of asking who had none yet; whoever asks again comes last', () => {
    const { log, ask, end } = asking(1);
    for (const name of ['a', 'b', 'c', 'a']) ask(name);
    end('a');
    end('a'); // ending twice frees no second turn
    expect(log).toEqual(['a', 'b']);
    end('b');
    end('c');
    expect(log).toEqual(['a', 'b', 'c', 'a']);
  });

  it('serves first who had a turn longest ago: asking late loses no place', () => {
    const { log, ask, end } = asking(1);
    for (const name of ['a', 'b', 'c']) ask(name);
    end('a');
    end('b');
    // "c" works, and "b" has its next frame before "a" has one.
    ask('b');
    ask('a');
    end('c');
    end('a');
    expect(log).toEqual(['a', 'b', 'c', 'a', 'b']);
  });

  it('makes nothing up for who was away: one turn at once, then as the others', () => {
    const { log, ask, end } = asking(1);
    for (const name of ['away', 'a', 'b']) ask(name);
    end('away');
    for (const name of ['a', 'b', 'a', 'b']) {
      ask(name);
      end(name);
    }
    ask('away'); // waits behind "a", which has the turn
    for (const name of ['a', 'away', 'b']) {
      ask(name);
      end(name);
    }
    expect(log).toEqual(['away', 'a', 'b', 'a', 'b', 'a', 'away', 'b', 'a']);
  });

  it('passes over who has withdrawn', () => {
    const { log, ask, end } = asking(1);
    ask('first');
    const withdraw = ask('withdrawn');
    ask('next');
    withdraw();
    end('first');
    expect(log).toEqual(['first', 'next']);
  });
});

/** Lanes that run one job a tick each, oldest first. */
class TickingLanes {
  readonly #jobs: (() => void)[] = [];

  run(): Promise<void> {
    return new Promise((resolve) => this.#jobs.push(resolve));
  }

  tick(lanes: number): void {
    for (const done of this.#jobs.splice(0, lanes)) done();
  }
}

function pipelineOn(lanes: TickingLanes): FramePipeline<number> {
  return {
    locate: async ({ index, ptsUs }) => {
      await lanes.run();
      return { frameIndex: index, ptsUs: micros(ptsUs), faces: [], endedTracks: [], sceneCut: false };
    },
    read: async ({ index }) => {
      await lanes.run();
      return index;
    },
    advance: (index) => ({ records: [faceRecord(index)], episodes: [] }),
    weighIn: () => null,
    finish: () => [],
  };
}

interface Scene {
  readonly turnsAtOnce: number;
  /** Whether a camera has a frame in a tick. @default always */
  readonly hasFrame?: (camera: number, tick: number) => boolean;
  /** The tick in which a camera is stopped. */
  readonly stops?: Readonly<Record<number, number>>;
}

/** Eight cameras, two lanes, 400 ticks: per camera when its frames were read, and their ages then, in ticks. */
async function overload({ turnsAtOnce, hasFrame = () => true, stops = {} }: Scene) {
  const lanes = new TickingLanes();
  const turns = new Turns(() => turnsAtOnce);
  let now = 0;
  const cameras = Array.from({ length: 8 }, () => {
    const frames = new Subject<LiveFrame>();
    const lender = new FrameLender();
    const reads: { readonly at: number; readonly age: number }[] = [];
    const analysis = analyseNewest(frames, {
      pipeline: pipelineOn(lanes),
      telemetry: telemetryLog().telemetry,
      now: () => now,
      askTurn: turns.seat(),
      onDrop: () => undefined,
      onError: (error) => {
        throw error;
      },
    }).subscribe(({ live }) => {
      reads.push({ at: now, age: now - live.arrivedAt });
      live.lease.release();
    });
    return { reads, lender, analysis, arrive: () => frames.next(lender.lend({ arrivedAt: now })) };
  });
  for (now = 0; now < 400; now++) {
    for (const [index, camera] of cameras.entries()) {
      if (stops[index] === now) camera.analysis.unsubscribe();
      if (now < (stops[index] ?? 400) && hasFrame(index, now)) camera.arrive();
    }
    await settled();
    lanes.tick(2);
    await settled();
  }
  return cameras;
}

const countsOf = (cameras: Awaited<ReturnType<typeof overload>>): number[] => cameras.map(({ reads }) => reads.length);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

describe('eight cameras on two lanes', () => {
  it('are served alike, with frames no older than what is in work: two for each lane', async () => {
    const cameras = await overload({ turnsAtOnce: 4 });
    const counts = countsOf(cameras);
    expect(spread(counts)).toBeLessThanOrEqual(1);
    // A frame is two jobs: two lanes read one frame a tick.
    expect(sum(counts)).toBeGreaterThanOrEqual(390);
    expect(Math.max(...cameras.flatMap(({ reads }) => reads.map(({ age }) => age)))).toBeLessThanOrEqual(4);
  });

  it('are served alike when frames of some come in bursts, with gaps shorter than a round', async () => {
    const counts = countsOf(await overload({ turnsAtOnce: 4, hasFrame: (camera, tick) => tick % (camera + 1) === 0 }));
    expect(spread(counts)).toBeLessThanOrEqual(1);
    expect(sum(counts)).toBeGreaterThanOrEqual(390);
  });

  it('go on alike while one is away and one is stopped in its turn; who comes back is served at once', async () => {
    const away = (camera: number, tick: number) => camera === 6 && tick >= 100 && tick < 300;
    const cameras = await overload({
      turnsAtOnce: 4,
      hasFrame: (camera, tick) => !away(camera, tick),
      stops: { 7: 200 },
    });
    const counts = countsOf(cameras);
    expect(spread(counts.slice(0, 6))).toBeLessThanOrEqual(1);
    expect(sum(counts)).toBeGreaterThanOrEqual(390);
    expect(cameras[6]!.reads.find(({ at }) => at >= 300)!.at).toBeLessThan(308);
    expect(cameras[7]!.reads.at(-1)!.at).toBeLessThan(200);
    expect(cameras[7]!.lender.out.size).toBe(0);
  });

  it('would read old frames if each took one whenever it is free itself', async () => {
    const cameras = await overload({ turnsAtOnce: Number.POSITIVE_INFINITY });
    expect(Math.min(...cameras.flatMap(({ reads }) => reads.slice(5).map(({ age }) => age)))).toBeGreaterThan(4);
  });
});
