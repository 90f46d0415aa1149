import { describe, expect, it } from 'vitest';
import { micros, probability, radians } from '../../../src/domain/units.js';
import { refill } from '../../../src/mllm/keyframe-budget.js';
import { noveltyBetween } from '../../../src/mllm/novelty.js';
import type { SelectOptions } from '../../../src/mllm/select-options.js';
import { type FaceInFrame, Selector } from '../../../src/mllm/selector.js';
import { priors } from '../../support/mllm-builders.js';
import { episode, mostly } from '../../support/record-builders.js';

const quality = { interocularPx: 60, sharpness: 0.8, presence: probability(1), insideFrame: probability(1) };
const pose = (yawDegrees: number, pitchDegrees = 0) => ({
  yaw: radians((yawDegrees * Math.PI) / 180),
  pitch: radians((pitchDegrees * Math.PI) / 180),
  roll: radians(0),
  translationMm: { x: 0, y: 0, z: 600 },
});
const HAPPY = priors();
const SAD = priors({ emotions: mostly('sadness') });
/** A little from HAPPY: 0.1 by total variation. */
const LESS_HAPPY = priors({ emotions: mostly('happiness', 0.76) });

function face(seconds: number, more: Partial<FaceInFrame> = {}): FaceInFrame {
  return {
    source: 'cam',
    track: 1,
    ptsUs: micros(seconds * 1e6),
    nowUs: seconds * 1e6,
    validity: 'ok',
    pose: pose(0),
    quality,
    priors: HAPPY,
    room: true,
    ...more,
  };
}

const selectorOf = (more: Partial<SelectOptions> = {}) => new Selector({ perCamera: null, overall: null, ...more });
const said = (selector: Selector, one: FaceInFrame): string => {
  const { kind, reason } = selector.consider(one);
  return kind === 'take' ? `take: ${reason}` : reason;
};

describe('Selector', () => {
  it.each<[string, Partial<FaceInFrame>, string]>([
    ['a readable frontal face', {}, 'take: first'],
    ['an invalid one', { validity: 'blurred' }, 'invalid'],
    ['turned away', { pose: pose(36) }, 'not-frontal'],
    ['looking down', { pose: pose(0, -31) }, 'not-frontal'],
    ['too small', { quality: { ...quality, interocularPx: 23 } }, 'poor-quality'],
    ['not sharp', { quality: { ...quality, sharpness: 0.1 } }, 'poor-quality'],
    ['sharpness not measured', { quality: { ...quality, sharpness: null } }, 'take: first'],
    ['no quality known', { quality: null }, 'poor-quality'],
    ['no room in the stage', { room: false }, 'queue-full'],
  ])('first sight of %s', (_, more, decision) => {
    expect(said(selectorOf(), face(0, more))).toBe(decision);
  });

  it.each<[string, number, Partial<FaceInFrame>, string]>([
    ['at once', 0.5, { priors: SAD }, 'too-soon'],
    ['changed much', 3, { priors: SAD }, 'take: novelty'],
    ['changed little', 3, { priors: LESS_HAPPY }, 'nothing-new'],
    ['changed little, after the longest interval', 31, { priors: LESS_HAPPY }, 'take: interval'],
    ['unchanged, after the longest interval', 31, {}, 'near-duplicate'],
    ['unchanged', 3, {}, 'nothing-new'],
    [
      'an action unit moved by two degrees',
      3,
      { priors: priors({ actionUnits: { '12': { presence: 1, intensity: 1.2 } } }) },
      'take: novelty',
    ],
  ])('after a keyframe: %s', (_, seconds, more, decision) => {
    const selector = selectorOf();
    said(selector, face(0));
    expect(said(selector, face(seconds, more))).toBe(decision);
  });

  it('asks about a new episode, then about its apex once it has passed', () => {
    const selector = selectorOf();
    said(selector, face(0));
    const smile = (seconds: number, apexSeconds: number, peak: number) => {
      selector.episode(episode({ source: 'cam', phase: 'update', apexUs: micros(apexSeconds * 1e6), peak }));
      return selector.consider(face(seconds, { priors: priors({ emotions: mostly('happiness', 0.86 - peak / 5) }) }));
    };
    expect(smile(3, 3, 0.5)).toMatchObject({ reason: 'episode', episode: { kind: 'emotion', label: 'happiness' } });
    expect(smile(5.1, 5.1, 0.9)).toMatchObject({ kind: 'skip', reason: 'nothing-new' }); // still rising
    expect(smile(5.4, 5.1, 0.9)).toMatchObject({ kind: 'take', reason: 'apex' });
    expect(smile(8, 5.1, 0.9)).toMatchObject({ kind: 'skip' });
    selector.episode(episode({ source: 'cam', phase: 'end' }));
    expect(selector.consider(face(20, { priors: LESS_HAPPY }))).toMatchObject({ kind: 'skip', reason: 'nothing-new' });
  });

  it('never asks about a blink', () => {
    const selector = selectorOf();
    said(selector, face(0));
    selector.episode(
      episode({ source: 'cam', id: 'cam/1/blink/blink/1', kind: 'blink', label: 'blink', phase: 'new' }),
    );
    expect(said(selector, face(3, { priors: LESS_HAPPY }))).toBe('nothing-new');
  });

  it('keeps tracks apart, and forgets those of a source that ends', () => {
    const selector = selectorOf();
    said(selector, face(0));
    expect(said(selector, face(0.1, { track: 2 }))).toBe('take: first');
    selector.endSource('cam');
    expect(said(selector, face(0.3, { track: 2 }))).toBe('take: first');
  });

  it('remembers at most maxTracks tracks', () => {
    const selector = selectorOf({ maxTracks: 2 });
    for (const track of [1, 2, 3]) said(selector, face(0, { track }));
    expect(said(selector, face(0.1, { track: 3 }))).toBe('too-soon');
    expect(said(selector, face(0.1, { track: 1 }))).toBe('take: first');
  });

  it('spends the budget of a camera, then of all; it comes back with time', () => {
    const selector = selectorOf({ perCamera: { perMinute: 60, burst: 2 }, overall: { perMinute: 60, burst: 3 } });
    const at = (seconds: number, source: string, track: number) => said(selector, face(seconds, { source, track }));
    expect([at(0, 'a', 1), at(0, 'a', 2), at(0, 'a', 3)]).toEqual(['take: first', 'take: first', 'camera-budget']);
    expect([at(0, 'b', 1), at(0, 'b', 2)]).toEqual(['take: first', 'overall-budget']);
    expect([at(1, 'b', 2), at(1, 'a', 3)]).toEqual(['take: first', 'overall-budget']);
    expect(at(2, 'a', 3)).toBe('take: first');
  });

  it.each([
    [{ novelFrom: 2 }, 'mllm select.novelFrom must be 0 to 1, got 2'],
    [{ maxIntervalSeconds: 1 }, 'mllm select.maxIntervalSeconds must be at least minIntervalSeconds, got 1'],
    [
      { perCamera: { perMinute: 0, burst: 1 } },
      'mllm select.perCamera must be perMinute above 0 and burst at least 1, got {"perMinute":0,"burst":1}',
    ],
  ])('refuses %j', (more, message) => {
    expect(() => new Selector(more)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message }));
  });
});

describe('noveltyBetween', () => {
  it.each([
    ['the same', HAPPY, HAPPY, 0],
    ['a whole class', priors({ emotions: mostly('happiness', 1) }), priors({ emotions: mostly('fear', 1) }), 1],
    [
      'units only',
      { emotions: null, actionUnits: HAPPY.actionUnits },
      { emotions: null, actionUnits: { '12': { presence: 0, intensity: 0 } } },
      0.64,
    ],
    ['nothing in common', { emotions: null, actionUnits: null }, HAPPY, 1],
  ])('%s', (_, before, now, distance) => {
    expect(noveltyBetween(before, now)).toBeCloseTo(distance);
  });
});

describe('refill', () => {
  it('is full at first, grows with time up to the burst, and never shrinks when time goes back', () => {
    const budget = { perMinute: 6, burst: 2 };
    expect(refill(null, budget, 5e6).tokens).toBe(2);
    expect(refill({ tokens: 0, atUs: 0 }, budget, 10e6)).toEqual({ tokens: 1, atUs: 10e6 });
    expect(refill({ tokens: 0, atUs: 0 }, budget, 600e6).tokens).toBe(2);
    expect(refill({ tokens: 1, atUs: 10e6 }, budget, 0)).toEqual({ tokens: 1, atUs: 10e6 });
  });
});
