import { describe, expect, it } from 'vitest';
import {
  cameraOf,
  pack,
  packFaces,
  packRecords,
  packTold,
  packWriting,
  type Told,
  unpack,
  unpackFaces,
  unpackRecords,
  unpackTold,
  unpackWriting,
} from '../../../src/cluster/wire.js';
import type { LiveEvent, LiveWriting } from '../../../src/domain/live.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import { micros, millis } from '../../../src/domain/units.js';
import { recordLine } from '../../../src/record/record-json.js';
import { cameraState } from '../../support/camera-state.js';
import { insightOf, weighedIn } from '../../support/insight-builder.js';
import { emptyFrame, episode, faceRecord, faceWithUnits, unreadableFace } from '../../support/record-builders.js';
import { firingOf } from '../../support/rule-builders.js';

const WALL_MS = Date.parse('2026-01-15T09:30:00.000Z');
const JPEG = Uint8Array.of(0xff, 0xd8, 0, 1, 2, 0xff, 0xd9);

const insight = (evidenceJpeg: Uint8Array | null): Told => ({
  type: 'insight',
  source: 'door',
  insight: insightOf({ description: 'Ein Lächeln 🙂.' }),
  fusion: evidenceJpeg ? weighedIn() : null,
  evidenceJpeg,
  wallTimeMs: WALL_MS,
});

const TOLD: readonly [string, Told][] = [
  ['an episode', { type: 'episode', source: 'door', episode: episode(), wallTimeMs: WALL_MS }],
  [
    'an episode that goes on',
    {
      type: 'episode',
      source: 'door',
      episode: episode({ phase: 'new', offsetUs: null, endReason: null }),
      wallTimeMs: WALL_MS,
    },
  ],
  ['an insight with a picture', insight(JPEG)],
  ['an insight without', insight(null)],
  ['an insight with a picture of nothing', insight(new Uint8Array())],
  ['a firing', { type: 'rule', source: 'door', firing: firingOf(), wallTimeMs: WALL_MS }],
  ['a state', { type: 'state', state: cameraState('door', { lastEnd: { reason: 'stalled', message: 'no frame' } }) }],
  ['a removal', { type: 'removed', source: 'door' }],
];

const frameOf = (records: readonly FaceRecord[]): Extract<LiveEvent, { type: 'faces' }> => ({
  type: 'faces',
  source: 'door',
  frame: 12,
  ptsUs: micros(480_000),
  widthPx: 640,
  heightPx: 360,
  wallTimeMs: WALL_MS,
  arrivedAt: millis(77),
  records,
});

/** The same bytes as a part of others, which is how a socket gives them. */
function inside(message: Uint8Array, offset: number): Uint8Array {
  const around = new Uint8Array(message.length + offset + 5).fill(0xee);
  around.set(message, offset);
  return around.subarray(offset, offset + message.length);
}

describe('pack and unpack', () => {
  it('give the header and the bytes again, wherever the message begins', () => {
    for (let offset = 0; offset < 9; offset++) {
      const message = inside(pack({ ä: 'ü🙂', none: null }, JPEG), offset);
      expect(unpack(message)).toEqual({ header: { v: 1, ä: 'ü🙂', none: null }, body: JPEG });
    }
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['less than a length', Uint8Array.of(0, 0, 1)],
    ['a length beyond the end', Uint8Array.of(255, 255, 255, 255, 123, 125)],
    ['what is no JSON', Uint8Array.of(0, 0, 0, 2, 0xff, 0xfe)],
    ['JSON that is no object', Buffer.from('\0\0\0\u0004null', 'latin1')],
    ['a list', Buffer.from('\0\0\0\u0002[]', 'latin1')],
    ['another version', pack({ v: 2 })],
    ['no version', Buffer.from('\0\0\0\u0002{}', 'latin1')],
    ['a message that is cut off', pack({ type: 'removed', source: 'door' }).subarray(0, 20)],
    ['text', Buffer.from('hello, anybody there?')],
  ])('%s is no message', (_, bytes) => {
    expect(unpack(bytes)).toBeNull();
    expect(unpackTold(bytes)).toBeNull();
    expect(unpackFaces(bytes)).toBeNull();
    expect(unpackWriting(bytes)).toBeNull();
  });
});

describe('a numbered event', () => {
  it.each(TOLD)('%s comes back the same', (_, event) => {
    expect(unpackTold(new Uint8Array(packTold(event)))).toEqual(event);
    expect(cameraOf(event)).toBe('door');
  });

  it('is none of another type', () => {
    expect(unpackTold(pack({ type: 'silent', source: 'door' }))).toBeNull();
    expect(unpackTold(packFaces(frameOf([faceRecord(1)]), false))).toBeNull();
  });
});

describe('a frame', () => {
  const records = [emptyFrame(12), faceWithUnits(12), unreadableFace(12, { mesh: null }), faceRecord(12)];

  it('comes back with the meshes of those who have one, wherever the message begins', () => {
    for (let offset = 0; offset < 5; offset++) {
      const again = unpackFaces(inside(packFaces(frameOf(records), true), offset))!;
      expect(again).toMatchObject({ source: 'door', frame: 12, ptsUs: 480_000, widthPx: 640, wallTimeMs: WALL_MS });
      expect(again.records.map((record) => recordLine(record, '468'))).toEqual(
        records.map((record) => recordLine(record, '468')),
      );
      expect(again.records.map(({ mesh }) => mesh)).toEqual(records.map(({ mesh }) => mesh));
    }
  });

  it('a mesh that is a part of a longer list goes as it is', () => {
    const { mesh } = faceRecord(1);
    const longer = new Float32Array(mesh!.length + 3);
    longer.set(mesh!, 3);
    const record = faceRecord(1, { mesh: longer.subarray(3) });
    expect(unpackFaces(packFaces(frameOf([record]), true))!.records[0]!.mesh).toEqual(mesh);
  });

  it('without meshes is short, and has none', () => {
    const [short, long] = [packFaces(frameOf(records), false), packFaces(frameOf(records), true)];
    expect(long.length - short.length).toBeGreaterThan(2 * 468 * 3 * 4);
    expect(unpackFaces(short)!.records.map(({ mesh }) => mesh)).toEqual([null, null, null, null]);
  });

  it('arrives on the clock of this process, as long ago as its wall time', () => {
    const wallTimeMs = Date.now() - 5_000;
    const { arrivedAt } = unpackFaces(packFaces({ ...frameOf([]), wallTimeMs }, false))!;
    expect(Math.abs(performance.now() - arrivedAt - 5_000)).toBeLessThan(1_000);
  });

  it('is none when it is another message', () => {
    expect(unpackFaces(packTold({ type: 'removed', source: 'door' }))).toBeNull();
  });
});

describe('records and writings', () => {
  it('records come back beside what is said about them', () => {
    const again = unpackRecords<{ a: number }>(packRecords({ a: 1 }, [faceRecord(1)], true))!;
    expect(again.about).toEqual({ a: 1 });
    expect(recordLine(again.records[0]!, '468')).toBe(recordLine(faceRecord(1), '468'));
    expect(unpackRecords(packRecords({}, [], true))).toEqual({ about: {}, records: [] });
  });

  it('a writing comes back the same', () => {
    const { source, track, ptsUs, task, emotion } = insightOf();
    const writing: LiveWriting = { source, track, ptsUs, task, emotion, text: 'A smi', wallTimeMs: WALL_MS };
    expect(unpackWriting(packWriting(writing))).toEqual(writing);
  });
});
