import { beforeEach, describe, expect, it } from 'vitest';
import {
  choiceOf,
  type PreviewWant,
  packWants,
  unpackWants,
  type Wants,
  WantTable,
} from '../../../src/cluster/wants.js';

const wantsOf = (gateway: string, more: Partial<Wants> = {}): Wants => ({
  gateway,
  faces: [],
  landmarks: [],
  previews: [],
  ...more,
});
const preview = (camera: string, more: Partial<PreviewWant> = {}): PreviewWant => ({
  camera,
  maxFps: 10,
  maxSidePx: 640,
  blurFaces: false,
  ...more,
});

describe('WantTable', () => {
  let table: WantTable;
  beforeEach(() => {
    table = new WantTable();
  });

  it('nothing is wanted before a gateway has told', () => {
    expect(table.faces('door', 0)).toBe('no');
    expect(table.previews('door', 0).size).toBe(0);
  });

  it.each<[string, Partial<Wants>[], string]>([
    ['this camera', [{ faces: ['door'] }], 'plain'],
    ['another', [{ faces: ['desk'] }], 'no'],
    ['all', [{ faces: '*' }], 'plain'],
    ['this one by the second of two gateways', [{}, { faces: ['door'] }], 'plain'],
    ['all with landmarks', [{ faces: '*', landmarks: '*' }], 'with-landmarks'],
    [
      'one with landmarks for one of two gateways',
      [{ faces: '*' }, { faces: ['door'], landmarks: ['door'] }],
      'with-landmarks',
    ],
    ['another with landmarks', [{ faces: '*', landmarks: ['desk'] }], 'plain'],
  ])('frames of %s', (_, told, expected) => {
    for (const [at, wants] of told.entries()) table.take(wantsOf(`g${at}`, wants), 0);
    expect(table.faces('door', 0)).toBe(expected);
  });

  it('what a gateway told is over when it tells otherwise, or nothing for five seconds', () => {
    table.take(wantsOf('a', { faces: '*' }), 0);
    table.take(wantsOf('b', { faces: ['door'] }), 3_000);
    expect(table.faces('desk', 5_000)).toBe('plain');
    expect(table.faces('desk', 5_001)).toBe('no');
    expect(table.faces('door', 8_000)).toBe('plain');
    table.take(wantsOf('b'), 8_000);
    expect(table.faces('door', 8_000)).toBe('no');
  });

  it('pictures that are wanted alike are one; other sizes, rates and blurred ones are others', () => {
    table.take(wantsOf('a', { previews: [preview('door'), preview('desk')] }), 0);
    table.take(wantsOf('b', { previews: [preview('door'), preview('door', { maxSidePx: 320 })] }), 0);
    table.take(wantsOf('c', { previews: [preview('door', { blurFaces: true }), preview('door', { maxFps: 2.5 })] }), 0);
    expect([...table.previews('door', 0).keys()].sort()).toEqual([
      '100-320-plain',
      '100-640-blurred',
      '100-640-plain',
      '25-640-plain',
    ]);
    expect(table.previews('door', 0).get('100-320-plain')).toEqual(preview('door', { maxSidePx: 320 }));
    expect(table.previews('yard', 0).size).toBe(0);
  });
});

describe('wants on the bus', () => {
  it('come back the same', () => {
    const previews = [preview('door')];
    const sent = packWants('a', { faces: '*', landmarks: new Set(['door']) }, previews);
    expect(unpackWants(sent)).toMatchObject({ gateway: 'a', faces: '*', landmarks: ['door'], previews });
    expect(unpackWants(Buffer.from('something else'))).toBeNull();
  });

  it('a choice is one step of a subject', () => {
    expect(choiceOf(preview('door', { maxFps: 7.25 }))).toMatch(/^[a-z0-9-]+$/);
  });
});
