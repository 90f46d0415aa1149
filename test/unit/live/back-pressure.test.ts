import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Costs, SlowMachine } from '../../support/slow-lanes.js';

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `camera-${index + 1}`);
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const levels = ({ lines }: SlowMachine): number[] =>
  lines.filter((line) => line.startsWith('reduction ')).map((line) => Number(line.split(' ')[1]));

async function machine(costs: Costs, cameras: number): Promise<SlowMachine> {
  const slow = new SlowMachine(costs);
  await slow.add(...ids(cameras));
  return slow;
}

// No camera falls silent while the clock of the test stands.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('back-pressure', () => {
  it('reads everything while there is time for it', async () => {
    const slow = await machine({ mesh: 3, affect: 5 }, 4);
    const counts = await slow.count(6);
    expect(levels(slow)).toEqual([]);
    for (const { affect, lost } of counts) expect([affect, lost]).toEqual([180, 0]);
    await slow.cameras.close();
  });

  it('reads affect less often where frames would be lost, alike at all cameras, and loses none then', async () => {
    // All of it takes 8 x 30 x 15 ms of 2,000 each second; meshes alone 720.
    const slow = await machine({ mesh: 3, affect: 12 }, 8);
    await slow.play(8);
    const told = slow.cameras.cameras().map(({ reduced }) => reduced);
    expect(told).toEqual(ids(8).map(() => expect.objectContaining({ looks: ['affect'], perSecond: 10 })));
    const counts = await slow.count(6);
    expect(counts.map(({ lost }) => lost)).toEqual(ids(8).map(() => 0));
    expect(counts.map(({ analysed }) => analysed)).toEqual(ids(8).map(() => 180));
    expect(counts.map(({ affect }) => affect)).toEqual(ids(8).map(() => 60));
    expect(Math.max(...counts.flatMap(({ agesMs }) => agesMs))).toBeLessThan(100);
    await slow.cameras.close();
  });

  it('gives frames up evenly where meshes alone are too many, and starves no camera', async () => {
    const slow = await machine({ mesh: 15, affect: 25 }, 8);
    await slow.play(12);
    expect(levels(slow)).toEqual([1, 2, 3, 4]);
    const counts = await slow.count(10);
    expect(spread(counts.map(({ analysed }) => analysed))).toBeLessThanOrEqual(1);
    expect(spread(counts.map(({ affect }) => affect))).toBeLessThanOrEqual(2);
    for (const { affect } of counts) expect(affect / 10).toBeGreaterThan(3);
    // The lanes do nothing else: so many frames would fit with every face read in every frame.
    expect(sum(counts.map(({ analysed }) => analysed))).toBeGreaterThan((1.4 * 2 * 10_000) / (15 + 25));
    await slow.cameras.close();
  });

  it('says so once at each camera for each change, and gives back when cameras go', async () => {
    const slow = await machine({ mesh: 3, affect: 12 }, 8);
    await slow.play(8);
    const states = (id: string) =>
      slow.events.flatMap((event) => (event.type === 'state' && event.state.id === id ? [event.state.reduced] : []));
    expect(states('camera-1').map((reduced) => reduced?.perSecond ?? null)).toEqual([null, null, 15, 10]);
    expect(states('camera-8')).toHaveLength(4);
    for (const id of ids(8).slice(2)) await slow.cameras.removeCamera(id);
    await slow.play(25);
    expect(levels(slow)).toEqual([1, 2, 1, 0]);
    expect(slow.cameras.cameras().map(({ reduced }) => reduced)).toEqual([null, null]);
    expect(await slow.count(2)).toEqual([
      expect.objectContaining({ affect: 60 }),
      expect.objectContaining({ affect: 60 }),
    ]);
    await slow.cameras.close();
  });
});
