import { describe, expect, it } from 'vitest';
import type { FrameFaces } from '../../../src/domain/face.js';
import { micros } from '../../../src/domain/units.js';
import { type DetectorGeometry, FULL_RANGE } from '../../../src/faces/decode-detections.js';
import { FacesStage } from '../../../src/faces/faces-stage.js';
import { DEFAULT_VALIDITY } from '../../../src/faces/validity.js';
import { cloudFace, type FakeFace, FakeWorld } from '../../support/fake-world.js';

function start(world = new FakeWorld(), detectors: readonly DetectorGeometry[] = [FULL_RANGE]) {
  const stage = new FacesStage({
    runModel: world.runModel,
    detectors,
    canonicalFace: cloudFace(),
    validity: DEFAULT_VALIDITY,
  });
  return { world, stage };
}

/** Plays frames (25 a second) and gives what was found in each. */
async function play(script: readonly (readonly FakeFace[])[], levels: (index: number) => number = () => 100) {
  const { world, stage } = start();
  const found: FrameFaces[] = [];
  for (const [index, faces] of script.entries()) found.push(await stage.step(world.frame(index, faces, levels(index))));
  return { world, stage, found, ids: found.map((frame) => frame.faces.map((face) => face.trackId)) };
}

const still = (face: FakeFace, frames: number): FakeFace[][] => Array.from({ length: frames }, () => [face]);
const alice: FakeFace = { x: 150, y: 180, side: 120 };

describe('FacesStage', () => {
  it('finds a face in the first frame and follows it by its mesh, detecting only now and then', async () => {
    const { world, ids, found } = await play(still(alice, 25));
    expect(ids.every((frame) => frame.length === 1 && frame[0] === 1)).toBe(true);
    // The frame, two runs of looks, and two scans.
    expect(world.runs.detector).toBeLessThanOrEqual(5);
    const [face] = found[20]!.faces;
    expect(face!.validity).toBe('ok');
    expect((face!.box.left + face!.box.right) / 2).toBeCloseTo(150, -1);
    expect(face!.pose!.yaw).toBeCloseTo(0, 2);
  });

  it('keeps ids while two people pass each other by', async () => {
    const script = Array.from({ length: 50 }, (_, n) => [
      { x: 100 + 6 * n, y: 120, side: 80 },
      { x: 400 - 6 * n, y: 240, side: 80 },
    ]);
    const { found } = await play(script);
    const last = found.at(-1)!.faces;
    expect(last.map((face) => face.trackId)).toEqual([1, 2]);
    const first = found[0]!.faces;
    for (const [index, face] of last.entries()) {
      const moved = face.box.left - first[index]!.box.left;
      expect(Math.abs(moved)).toBeGreaterThan(250);
    }
  });

  it('gives a face that comes back soon its track again, and a new one after long', async () => {
    const gone = (frames: number) => Array.from({ length: frames }, () => []);
    const soon = await play([...still(alice, 5), ...gone(20), ...still({ ...alice, x: 170 }, 5)]);
    expect(soon.ids.at(-1)).toEqual([1]);
    expect(soon.found.flatMap((frame) => frame.endedTracks)).toEqual([]);
    const late = await play([...still(alice, 5), ...gone(60), ...still(alice, 5)]);
    expect(late.ids.at(-1)).toEqual([2]);
    expect(late.found.flatMap((frame) => frame.endedTracks)).toEqual([1]);
  });

  it('ends tracks at a scene cut, even when a face is at the same place', async () => {
    const { ids, found } = await play(still(alice, 10), (index) => (index < 5 ? 40 : 200));
    expect(found[5]!.sceneCut).toBe(true);
    expect(found[5]!.endedTracks).toEqual([1]);
    expect(ids[4]).toEqual([1]);
    expect(ids[5]).toEqual([2]);
  });

  it('starts a new track when another face is in its place from one frame to the next', async () => {
    const bob: FakeFace = { ...alice, person: 1 };
    const { ids, found } = await play([...still(alice, 10), ...still(bob, 70)]);
    expect(new Set(ids.slice(0, 10).flat())).toEqual(new Set([1]));
    expect(new Set(ids.slice(10).flat())).toEqual(new Set([2]));
    expect(found.flatMap((frame) => frame.endedTracks)).toEqual([1]);
  });

  it('starts new tracks for two people who swap places in one frame', async () => {
    const [left, right] = [alice, { ...alice, x: 390 }];
    const pair = (a: number, b: number, frames: number): FakeFace[][] =>
      Array.from({ length: frames }, () => [
        { ...left, person: a },
        { ...right, person: b },
      ]);
    const { ids } = await play([...pair(0, 1, 10), ...pair(1, 0, 10)]);
    expect(ids[9]).toEqual([1, 2]);
    expect(ids[10]).toEqual([3, 4]);
    expect(ids.at(-1)).toEqual([3, 4]);
  });

  it('gives another person who comes a second later another track, and the first one theirs again', async () => {
    const gone = (frames: number) => Array.from({ length: frames }, () => []);
    const bob: FakeFace = { ...alice, person: 1 };
    const { ids } = await play([...still(alice, 20), ...gone(12), ...still(bob, 5), ...gone(5), ...still(alice, 5)]);
    expect(new Set(ids.slice(0, 20).flat())).toEqual(new Set([1]));
    expect(new Set(ids.slice(32, 37).flat())).toEqual(new Set([2]));
    expect(ids.at(-1)).toEqual([1]);
  });

  it('ends tracks over a long gap in media time, and keeps them over a short one', async () => {
    const over = async (gapSeconds: number) => {
      const { world, stage } = start();
      const frames = await Promise.all([0, 1, 2].map(async (index) => world.frame(index, [alice])));
      const first = await stage.step(frames[0]!);
      const late = { ...frames[1]!, ptsUs: micros(gapSeconds * 1e6) };
      const second = await stage.step(late);
      return { before: first.faces[0]!.trackId, after: second.faces[0]!.trackId, ended: second.endedTracks };
    };
    expect(await over(1.5)).toEqual({ before: 1, after: 1, ended: [] });
    expect(await over(7200)).toEqual({ before: 1, after: 2, ended: [1] });
  });

  it('keeps the track of a face that a cut leaves alone', async () => {
    const { world, stage } = start();
    const frames = [40, 200].map((level, index) => {
      const frame = world.frame(index, [alice], level);
      // Around the face, in its half of the picture, nothing changes.
      const calm = world.frame(index, [alice], 40).data;
      for (let y = 0; y < 384; y++) frame.data.set(calm.subarray(y * 512, y * 512 + 290), y * 512);
      return frame;
    });
    const first = await stage.step(frames[0]!);
    const second = await stage.step({ ...frames[1]!, index: 1 });
    expect([first, second].map(({ faces }) => faces.map(({ trackId }) => trackId))).toEqual([[1], [1]]);
    expect(second.endedTracks).toEqual([]);
  });

  it('finds a second face within half a second', async () => {
    const { ids } = await play([
      ...still(alice, 10),
      ...Array.from({ length: 15 }, () => [alice, { x: 380, y: 180, side: 100 }]),
    ]);
    expect(ids.findIndex((frame) => frame.length === 2)).toBeLessThan(10 + 13);
    expect(ids.at(-1)).toEqual([1, 2]);
  });

  it('continues through frames in which only a weak detection sees the face', async () => {
    const faint = { ...alice, score: 0.4, presence: 0.3 };
    const { ids, found } = await play([...still(alice, 5), ...still(faint, 5), ...still({ ...alice, score: 0.4 }, 5)]);
    expect(ids.at(-1)).toEqual([1]);
    expect(found.flatMap((frame) => frame.endedTracks)).toEqual([]);
  });

  it('starts a track from a weak detection only where the mesh is sure, nor at once from a strong one it doubts', async () => {
    expect((await play(still({ ...alice, score: 0.4, presence: 0.85 }, 25))).ids.flat()).toEqual([]);
    expect((await play(still({ ...alice, score: 0.4, presence: 0.98 }, 2))).ids).toEqual([[1], [1]]);
    const middling = (await play(still({ ...alice, presence: 0.7 }, 10))).ids;
    expect(middling[0]).toEqual([]);
    expect(middling.at(-1)).toEqual([1]);
  });

  it('goes back to a face that jumped further than its mesh could follow', async () => {
    const jumped = { ...alice, x: alice.x + 80, y: alice.y - 50 };
    const { ids, found } = await play([...still(alice, 5), ...still(jumped, 20)]);
    expect(new Set(ids.flat())).toEqual(new Set([1]));
    const { box } = found.at(-1)!.faces[0]!;
    expect((box.left + box.right) / 2).toBeCloseTo(jumped.x, -1);
  });

  it('finds a face that only a look with a margin around the frame shows, at once and when it comes later', async () => {
    const large: FakeFace = { x: 256, y: 192, side: 380, seenFromPx: 600 };
    expect((await play(still(large, 1))).ids).toEqual([[1]]);
    const { ids, world } = await play([
      ...still(alice, 1),
      ...Array.from({ length: 60 }, () => []),
      ...still(large, 21),
    ]);
    expect(ids.at(-1)).toEqual([2]);
    // One run a frame while nothing is found, and a look every 0.4 s.
    expect(world.runs.detector).toBeLessThan(1.15 * 82);
  });

  it('reports a large face from the side that the mesh finds no face in, without what the mesh would read', async () => {
    const aside: FakeFace = { ...alice, presence: 0.1, noseX: 0.6 };
    const { ids, found } = await play([...still(alice, 3), ...still(aside, 12), ...still(alice, 3)]);
    expect(ids).toEqual(Array.from({ length: 18 }, () => [1]));
    expect(found[10]!.faces[0]).toMatchObject({ validity: 'profile', mesh: null, pose: null, eyes: null });
    expect(found.at(-1)!.faces[0]).toMatchObject({ validity: 'ok', keypoints: null });
    // From the start, it must last.
    expect((await play(still(aside, 8))).ids.slice(3)).toEqual([[], [1], [1], [1], [1]]);
    const edge = await play(still({ ...aside, x: 10 }, 8));
    expect(edge.found.at(-1)!.faces[0]).toMatchObject({ validity: 'out-of-frame', mesh: null });
  });

  it('believes a large face without a mesh when two detectors together are sure, though neither is alone', async () => {
    const seenBy = async (nearScore: number, score: number) => {
      const world = new FakeWorld();
      const near = { ...FULL_RANGE, modelId: 'blazeface-short-range' };
      const { stage } = start(world, [FULL_RANGE, near]);
      const aside: FakeFace = { ...alice, side: 200, presence: 0.1, nearScore, score };
      const ids: number[][] = [];
      for (let index = 0; index < 8; index++) {
        const { faces } = await stage.step(world.frame(index, [aside]));
        ids.push(faces.map(({ trackId }) => trackId));
      }
      return ids.at(-1);
    };
    expect(await seenBy(0.56, 0.5)).toEqual([1]);
    expect(await seenBy(0.55, 0.35)).toEqual([]);
    expect(await seenBy(0.35, 0.55)).toEqual([]);
  });

  it('invents no face from a small or doubtful detection that the mesh finds no face in', async () => {
    const nothing = { ...alice, presence: 0.1 };
    expect((await play(still({ ...nothing, score: 0.52 }, 10))).ids.flat()).toEqual([]);
    expect((await play(still({ ...nothing, side: 40 }, 10))).ids.flat()).toEqual([]);
  });

  it('says why a face is not read', async () => {
    const { found } = await play(still({ x: 10, y: 180, side: 120 }, 2));
    expect(found[1]!.faces[0]!.validity).toBe('out-of-frame');
    const { found: tiny } = await play(still({ x: 200, y: 180, side: 16 }, 2));
    expect(tiny[1]!.faces[0]!.validity).toBe('too-small');
  });

  it('continues from a copy of its state with the same results', async () => {
    const script = Array.from({ length: 30 }, (_, n) => [{ x: 100 + 5 * n, y: 180, side: 90 }]);
    const { found } = await play(script);
    const one = start();
    for (let n = 0; n < 13; n++) await one.stage.step(one.world.frame(n, script[n]!));
    const two = start();
    two.stage.state = structuredClone(one.stage.state);
    for (let n = 13; n < 30; n++) {
      expect(await two.stage.step(two.world.frame(n, script[n]!))).toEqual(found[n]);
    }
  });
});
