import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { FrameFaces, TrackedFace } from '../../../src/domain/face.js';
import { LOUDNESS_LAGS_SECONDS, type VoiceMoment } from '../../../src/domain/sound.js';
import { micros, probability } from '../../../src/domain/units.js';
import { createSpeechState, type SpeechState, stepSpeech } from '../../../src/speech/speech-stage.js';

const FPS = 25;
const EYES_PX = 60;

/** A face whose inner lips are `gap` eye distances apart, turned by `yaw`. */
function faceWith(trackId: number, gap: number, yaw = 0): TrackedFace {
  const mesh = new Float32Array(468 * 3);
  const put = (vertex: number, x: number, y: number) =>
    mesh.set([x * EYES_PX * Math.cos(yaw), y * EYES_PX, x * EYES_PX * Math.sin(yaw)], vertex * 3);
  for (const [upper, lower, x] of [
    [82, 87, -0.2],
    [13, 14, 0],
    [312, 317, 0.2],
  ] as const) {
    put(upper, x, -gap / 2);
    put(lower, x, gap / 2);
  }
  put(61, -0.45, 0);
  put(291, 0.45, 0);
  return {
    trackId,
    box: { space: 'frame', left: 0, top: 0, right: 100, bottom: 100 },
    detectionScore: null,
    mesh,
    pose: { yaw, pitch: 0, roll: 0, translationMm: { x: 0, y: 0, z: 600 } } as TrackedFace['pose'],
    eyes: { left: 1, right: 1 },
    keypoints: null,
    quality: { interocularPx: EYES_PX, sharpness: 1, presence: probability(1), insideFrame: probability(1) },
    validity: 'ok',
  };
}

/** Loud four times a second, as syllables are; the mouth is a moment ahead. */
const syllable = (seconds: number): number => 0.5 + 0.5 * Math.sin(2 * Math.PI * 4 * seconds + Math.sin(5 * seconds));
const talking = (seconds: number): number => 0.02 + 0.12 * syllable(seconds + 0.08);
const heard = (seconds: number): VoiceMoment => ({
  probability: 0.95,
  loudness: LOUDNESS_LAGS_SECONDS.map((lag) => -50 + 30 * syllable(seconds + lag)),
});
const SILENCE: VoiceMoment = { probability: 0.01, loudness: LOUDNESS_LAGS_SECONDS.map(() => -60) };

const frameOf = (frame: number, faces: readonly TrackedFace[]): FrameFaces => ({
  frameIndex: frame,
  ptsUs: micros(frame * (1e6 / FPS)),
  faces,
  endedTracks: [],
  sceneCut: false,
});

/** What is said of each face in the last of two seconds of frames. */
function saidAfter(
  mouths: readonly ((seconds: number) => number)[],
  voice: (seconds: number) => VoiceMoment | null,
  yaw = 0,
  state: SpeechState = createSpeechState(),
) {
  let last: ReturnType<typeof stepSpeech> = new Map();
  for (let frame = 0; frame < 2 * FPS; frame += 1) {
    const seconds = frame / FPS;
    const faces = mouths.map((gap, index) => faceWith(index + 1, gap(seconds), yaw * Math.sin(3 * seconds)));
    last = stepSpeech(state, frameOf(frame, faces), voice(seconds));
  }
  return mouths.map((_, index) => {
    const said = last.get(index + 1)!;
    return 'speaking' in said ? said.speaking : said.missing;
  });
}

describe('stepSpeech', () => {
  it('says that a mouth speaks which moves in step with the voice', () => {
    expect(saidAfter([talking], heard)[0]).toBeGreaterThan(0.8);
  });

  it('says so of no mouth that is still while somebody else is heard, nor of one that turns', () => {
    expect(saidAfter([() => 0.02], heard)[0]).toBeLessThan(0.1);
    expect(saidAfter([() => 0.02], heard, 0.5)[0]).toBeLessThan(0.1);
  });

  it('says so of no mouth that moves in silence, or opens slowly as in a yawn', () => {
    expect(saidAfter([talking], () => SILENCE)[0]).toBeLessThan(0.05);
    expect(saidAfter([(seconds) => 0.3 * Math.sin(seconds) ** 2], heard)[0]).toBeLessThan(0.5);
  });

  it('gives a voice to the one of two moving mouths that keeps step with it', () => {
    const chewing = (seconds: number): number => 0.02 + 0.06 * (1 + Math.sin(2 * Math.PI * 2.7 * seconds + 1));
    const [first, second] = saidAfter([talking, chewing], heard) as number[];
    expect(first).toBeGreaterThan(0.5);
    expect(second).toBeLessThan(first! / 2);
  });

  it('is not known without sound, and of a mouth that has just come into sight', () => {
    expect(saidAfter([talking], () => null)).toEqual(['no-sound']);
    const state = createSpeechState();
    const [said] = [...stepSpeech(state, frameOf(0, [faceWith(1, 0.1)]), heard(0)).values()];
    expect(said).toEqual({ missing: 'warming-up' });
  });

  it('tells the validity of a face that cannot be read', () => {
    const blurred = { ...faceWith(1, 0.1), validity: 'blurred' as const };
    const [said] = [...stepSpeech(createSpeechState(), frameOf(0, [blurred]), heard(0)).values()];
    expect(said).toEqual({ missing: 'blurred' });
  });

  it('goes on from a kept state as if it had not been interrupted', () => {
    const [whole, kept] = [createSpeechState(), createSpeechState()];
    const step = (state: SpeechState, frame: number) =>
      stepSpeech(state, frameOf(frame, [faceWith(1, talking(frame / FPS))]), heard(frame / FPS)).get(1);
    for (let frame = 0; frame < 30; frame += 1) step(whole, frame);
    for (let frame = 0; frame < 30; frame += 1) step(kept, frame);
    const resumed = deserialize(serialize(kept)) as SpeechState;
    for (let frame = 30; frame < 40; frame += 1) expect(step(resumed, frame)).toEqual(step(whole, frame));
  });
});
