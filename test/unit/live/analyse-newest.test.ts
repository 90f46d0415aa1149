import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { LiveFrame } from '../../../src/domain/live.js';
import { analyseNewest } from '../../../src/live/analyse-newest.js';
import { Turns } from '../../../src/live/turns.js';
import { FrameLender, HeldPipeline, settled, telemetryLog } from '../../support/live-frames.js';

function pipeline(turns = new Turns(() => 2)) {
  const frames = new Subject<LiveFrame>();
  const held = new HeldPipeline();
  const lender = new FrameLender();
  const dropped: string[] = [];
  const errors: unknown[] = [];
  const results: number[] = [];
  const subscription = analyseNewest(frames, {
    pipeline: held,
    telemetry: telemetryLog().telemetry,
    now: () => 0,
    askTurn: turns.seat(),
    onDrop: (reason) => dropped.push(reason),
    onError: (error) => errors.push(error),
  }).subscribe(({ live, records }) => {
    results.push(records[0]!.frame);
    expect(records[0]!.wallTime).toBe(new Date(live.wallTimeMs).toISOString());
    live.lease.release();
  });
  const arrive = async () => {
    frames.next(lender.lend());
    await settled();
  };
  return { frames, held, lender, dropped, errors, results, subscription, arrive };
}

describe('analyseNewest', () => {
  it('serves the newest frame and gives up those that waited', async () => {
    const { held, dropped, results, lender, arrive } = pipeline();
    for (let n = 0; n < 4; n++) await arrive();
    expect(dropped).toEqual(['superseded', 'superseded']);
    await held.release('locate 0');
    await held.release('read 0');
    await held.release('locate 3');
    await held.release('read 3');
    expect(results).toEqual([0, 3]);
    expect(lender.out.size).toBe(0);
  });

  it('locates the next frame while the one before is read, and no third', async () => {
    const { held, results, lender, arrive } = pipeline();
    await arrive();
    await arrive();
    await held.release('locate 0');
    await held.release('locate 1');
    await arrive();
    expect(held.log).toEqual(['locate 0', 'read 0', 'locate 1']);
    expect(lender.out.size).toBe(3);
    await held.release('read 0');
    expect(held.log.slice(3)).toEqual(expect.arrayContaining(['advance 0', 'read 1', 'locate 2']));
    await held.release('read 1');
    await held.release('locate 2');
    await held.release('read 2');
    expect(results).toEqual([0, 1, 2]);
  });

  it.each(['locate 1', 'read 1'])('a failure of %s costs that frame only', async (step) => {
    const { held, dropped, errors, results, lender, arrive } = pipeline();
    const error = new Error('lane died');
    for (const index of [0, 1, 2]) {
      await arrive();
      for (const each of [`locate ${index}`, `read ${index}`]) {
        if (each === step) {
          await held.release(each, error);
          break;
        }
        await held.release(each);
      }
    }
    expect(results).toEqual([0, 2]);
    expect(dropped).toEqual(['failed']);
    expect(errors).toEqual([error]);
    expect(lender.out.size).toBe(0);
  });

  it('releases every frame when the camera stops: waiting, located, read', async () => {
    const { subscription, held, dropped, results, lender, arrive } = pipeline();
    await arrive();
    await held.release('locate 0');
    await arrive();
    await arrive();
    subscription.unsubscribe();
    expect(dropped).toEqual(['shutdown']);
    await held.release('locate 1');
    await held.release('read 0');
    expect(dropped).toEqual(['shutdown', 'shutdown', 'shutdown']);
    expect(lender.out.size).toBe(0);
    expect(held.log).not.toContain('advance 0');
    expect(results).toEqual([]);
  });

  it.each([
    { steps: ['locate 0'] },
    { steps: ['locate 0', 'read 0'] },
    { steps: ['locate 0', 'locate 1', 'read 0', 'read 1'] },
  ])('gives its turns back when the camera stops before the last of $steps has ended', async ({ steps }) => {
    const turns = new Turns(() => 2);
    const { subscription, held, arrive } = pipeline(turns);
    await arrive();
    await arrive();
    for (const step of steps.slice(0, -1)) await held.release(step);
    subscription.unsubscribe();
    await held.release(steps.at(-1)!);
    for (const left of ['locate 1', 'read 0', 'read 1']) if (held.holds(left)) await held.release(left);
    let begun = 0;
    for (let n = 0; n < 3; n++) turns.seat()(() => (begun += 1));
    expect(begun).toBe(2);
  });
});
