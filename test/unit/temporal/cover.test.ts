import { describe, expect, it } from 'vitest';
import { FACE_PARTS, type FacePart, perPart } from '../../../src/domain/face-parts.js';
import { coverOf, createCover, stepCover, wideningOf } from '../../../src/temporal/cover.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { createTemporalState } from '../../../src/temporal/temporal-stage.js';
import { type FaceSpec, optionsWith, step, summary } from '../../support/temporal-faces.js';

const { cover: options } = TEMPORAL_DEFAULTS;
const without = (...parts: FacePart[]): number[] => FACE_PARTS.map((part) => (parts.includes(part) ? 0.02 : 0.98));

/** Which parts count as covered after each look, 25 a second. */
function looks(script: readonly (readonly [parts: readonly FacePart[], frames: number])[]): string[] {
  const memory = createCover();
  const told: string[] = [];
  for (const [parts, frames] of script) {
    for (let i = 0; i < frames; i += 1) {
      stepCover(memory, options, { ptsUs: told.length * 40_000, visibility: without(...parts), maxGapSeconds: 1 });
      told.push(FACE_PARTS.filter((part) => coverOf(memory)![part].covered).join(' '));
    }
  }
  return told;
}

describe('what lies before a face', () => {
  it('is believed at the first look, as of a photograph, and after a gap', () => {
    expect(looks([[['mouth', 'chin'], 1]])).toEqual(['mouth chin']);
    const memory = createCover();
    stepCover(memory, options, { ptsUs: 0, visibility: without(), maxGapSeconds: 1 });
    stepCover(memory, options, { ptsUs: 1_500_000, visibility: without('nose'), maxGapSeconds: 1 });
    expect(coverOf(memory)!.nose.covered).toBe(true);
    expect(coverOf(memory)!.nose.visible).toBeCloseTo(0.02, 9);
  });

  it('is not changed by a hand that passes by, and follows one that stays within half a second', () => {
    expect(
      new Set(
        looks([
          [[], 20],
          [['mouth'], 5],
          [[], 20],
        ]),
      ),
    ).toEqual(new Set(['']));
    const stays = looks([
      [[], 20],
      [['mouth'], 25],
    ]);
    expect(stays.indexOf('mouth')).toBeGreaterThan(24);
    expect(stays.indexOf('mouth')).toBeLessThan(20 + 12);
    expect(stays.slice(stays.indexOf('mouth')).every((parts) => parts === 'mouth')).toBe(true);
  });

  it('does not flicker where a part is half seen', () => {
    const memory = createCover();
    let changes = 0;
    let before = false;
    for (let i = 0; i < 200; i += 1) {
      const visibility = FACE_PARTS.map(() => (i % 2 ? 0.42 : 0.6));
      stepCover(memory, options, { ptsUs: i * 40_000, visibility, maxGapSeconds: 1 });
      if (memory.covered[0] !== before) changes += 1;
      before = memory.covered[0]!;
    }
    expect(changes).toBeLessThanOrEqual(1);
  });

  it('widens emotions by what is covered, and not by what is merely unsure', () => {
    const memory = createCover();
    const rules = { ...options, widening: perPart((part) => (part === 'mouth' ? 1 : 0.1)) };
    stepCover(memory, rules, { ptsUs: 0, visibility: FACE_PARTS.map(() => 0.7), maxGapSeconds: 1 });
    expect(wideningOf(memory, rules)).toBe(1);
    const masked = createCover();
    stepCover(masked, rules, { ptsUs: 0, visibility: without('mouth', 'chin'), maxGapSeconds: 1 });
    expect(wideningOf(masked, rules)).toBeCloseTo(Math.exp(1.1), 6);
  });
});

const UNITS = ['4', '12'];
const rules = {
  widening: perPart((part) => (part === 'leftBrow' ? 0.5 : 0)),
  loss: perPart((part) => (part === 'mouth' ? 1 : 0.1)),
  maxLoss: 0.7,
};
const smile = { presenceLogits: [-4, 4], intensities: [0, 3] };
const SMILING: FaceSpec = { shows: 'happiness', actionUnits: smile };

/** A face at 25 frames a second; `covered` says what lies before it. */
function play(frames: number, covered: (frame: number) => readonly FacePart[], spec: FaceSpec = SMILING) {
  const stage = optionsWith({ actionUnitKeys: UNITS, cover: rules });
  const state = createTemporalState('clip');
  const outputs = Array.from({ length: frames }, (_, frame) =>
    step(state, stage, { seconds: frame / 25, faces: [{ ...spec, visibility: without(...covered(frame)) }] }),
  );
  return {
    state,
    tracks: outputs.map(({ tracks }) => tracks[0]!),
    episodes: outputs.flatMap((output) => output.episodes),
  };
}

describe('a face that is partly covered', () => {
  it('has no reading of units that show there, and keeps the others', () => {
    const { tracks } = play(5, () => ['mouth']);
    const { readings } = tracks.at(-1)!.actionUnits!;
    expect(readings['12']).toEqual({ presence: null, intensity: null, active: null });
    expect(readings['4']!.presence!.smoothed).toBeLessThan(0.1);
  });

  it('has emotions withheld where too little is seen, humbler ones where enough is', () => {
    const [masked] = play(1, () => ['mouth', 'chin']).tracks;
    expect(masked).toMatchObject({ affect: null, missing: 'occluded', withheld: true, emotionWidening: null });
    const [fringe] = play(1, () => ['leftBrow']).tracks;
    const [whole] = play(1, () => []).tracks;
    expect(fringe).toMatchObject({ withheld: false, missing: null });
    expect(fringe!.emotionWidening).toBeCloseTo(Math.exp(0.5), 6);
    expect(whole!.emotionWidening).toBe(1);
    const happy = (track: typeof whole) => track!.affect!.emotions.raw[1]!;
    expect(happy(fringe)).toBeLessThan(happy(whole));
    expect(happy(fringe)).toBeGreaterThan(0.5);
  });

  it('has no blink while an eye is covered', () => {
    const [track] = play(1, () => ['rightEye']).tracks;
    expect(track).toMatchObject({ blink: null, blinkMissing: 'occluded' });
  });

  it('teaches nothing about rest while it is covered', () => {
    const { state, tracks } = play(100, () => ['mouth', 'leftBrow'], { shows: 'neutral', actionUnits: smile });
    const track = state.tracks.get(1)!;
    expect(track.baseline.totalSeconds).toBe(0);
    expect([...track.actionUnits.resting.seenSeconds]).toEqual([0, 0]);
    expect(tracks.at(-1)!.baseline.status).toBe('warming');
  });

  it('pauses a smile behind a short cover, and ends it where it was last seen behind a long one', () => {
    const paused = play(100, (frame) => (frame >= 50 && frame < 65 ? ['mouth'] : []));
    expect(paused.episodes.filter(({ phase, label }) => phase === 'new' && label === 'AU12')).toHaveLength(1);
    expect(paused.tracks.at(-1)!.actionUnits!.readings['12']!.active).toBe(true);
    const ended = play(125, (frame) => (frame >= 50 ? ['mouth'] : []));
    const ends = summary(ended.episodes.filter(({ phase }) => phase === 'end'));
    expect(ends).toContainEqual(expect.stringMatching(/AU12\/1 0-2[0-9]{3} covered$/));
    expect(ends).toContainEqual(expect.stringMatching(/happiness\/1 0-2[0-9]{3} covered$/));
  });

  it('begins anew with the first reading once a unit is seen again', () => {
    const { tracks } = play(120, (frame) => (frame < 100 ? ['mouth'] : []));
    const [first] = tracks.filter(({ actionUnits }) => actionUnits!.readings['12']!.intensity !== null);
    expect(first!.actionUnits!.readings['12']!.intensity!.smoothed).toBeCloseTo(3, 3);
  });
});
