import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { LiveFrame } from '../../../src/domain/live.js';
import { micros } from '../../../src/domain/units.js';
import { analyseNewest } from '../../../src/live/analyse-newest.js';
import { Turns } from '../../../src/live/turns.js';
import type { FramePipeline } from '../../../src/pipeline/frame-pipeline.js';
import { FrameLender, settled, telemetryLog } from '../../support/live-frames.js';
import { faceRecord } from '../../support/record-builders.js';

describe('Turns', () => {
  it('gives turns in the order of asking; whoever asks again comes last', () => {
    const turns = new Turns(() => 1);
    const log: string[] = [];
    const end: Record<string, () => void> = {};
    const ask = (name: string) =>
      turns.ask((endTurn) => {
        log.push(name);
        end[name] = endTurn;
      });
    for (const name of ['a', 'b', 'c']) ask(name);
    ask('a again');
    end.a!();
    end.a!(); // ending twice frees no second turn
    expect(log).toEqual(['a', 'b']);
    end.b!();
    end.c!();
    expect(log).toEqual(['a', 'b', 'c', 'a again']);
  });

  it('passes over who has withdrawn', () => {
    const turns = new Turns(() => 1);
    const log: string[] = [];
    let endFirst = () => {};
    turns.ask((endTurn) => {
      endFirst = endTurn;
    });
    const withdraw = turns.ask(() => log.push('withdrawn'));
    turns.ask(() => log.push('next'));
    withdraw();
    endFirst();
    expect(log).toEqual(['next']);
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

/** Eight cameras with a frame each tick, two lanes: per camera the ages, in ticks, of its frames when they are read. */
async function overload(turnsAtOnce: number): Promise<number[][]> {
  const lanes = new TickingLanes();
  const turns = new Turns(() => turnsAtOnce);
  let now = 0;
  const cameras = Array.from({ length: 8 }, () => {
    const frames = new Subject<LiveFrame>();
    const lender = new FrameLender();
    const ages: number[] = [];
    analyseNewest(frames, {
      pipeline: pipelineOn(lanes),
      telemetry: telemetryLog().telemetry,
      now: () => now,
      askTurn: turns.ask,
      onDrop: () => undefined,
      onError: (error) => {
        throw error;
      },
    }).subscribe(({ live }) => {
      ages.push(now - live.arrivedAt);
      live.lease.release();
    });
    return { ages, arrive: () => frames.next(lender.lend({ arrivedAt: now })) };
  });
  for (now = 0; now < 400; now++) {
    for (const camera of cameras) camera.arrive();
    await settled();
    lanes.tick(2);
    await settled();
  }
  return cameras.map(({ ages }) => ages);
}

describe('eight cameras on two lanes', () => {
  it('are served alike, with frames no older than what is in work: two for each lane', async () => {
    const ages = await overload(4);
    const counts = ages.map(({ length }) => length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    // A frame is two jobs: two lanes read one frame a tick.
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(390);
    expect(Math.max(...ages.flat())).toBeLessThanOrEqual(4);
  });

  it('would read old frames if each took one whenever it is free itself', async () => {
    const ages = (await overload(Number.POSITIVE_INFINITY)).flatMap((each) => each.slice(5));
    expect(Math.min(...ages)).toBeGreaterThan(4);
  });
});
