import { type FrameFaces, hasMesh, type MeshedFace } from '../domain/face.js';
import type { MissingReason } from '../domain/record-fields.js';
import type { VoiceMoment } from '../domain/sound.js';
import { type Probability, probability } from '../domain/units.js';
import { mouthOf } from './mouth.js';
import { createMouthMemory, type MouthMemory, type MouthSigns, signsOf, stepMouth } from './mouth-memory.js';
import { SPEECH_WEIGHTS } from './speech-weights.js';

/** A mouth that was not seen for longer begins anew. */
const MAX_GAP_SECONDS = 1;
/** A mouth must have been seen for so long before it tells anything. */
const WARM_UP_SECONDS = 0.3;

/** Everything the stage knows of one source; plain data. */
export interface SpeechState {
  readonly mouths: Map<number, MouthMemory>;
}

/** Whether one face speaks in one frame: a probability, or why it is not known. */
export type Speaking = { readonly speaking: Probability } | { readonly missing: MissingReason };

export const createSpeechState = (): SpeechState => ({ mouths: new Map() });

/** The signs of every mouth that is seen in a frame, by track. Advances `state`. */
export function readMouths(
  { mouths }: SpeechState,
  faces: FrameFaces,
  voice: VoiceMoment | null,
): ReadonlyMap<number, MouthSigns> {
  const signs = new Map<number, MouthSigns>();
  for (const face of faces.faces) {
    if (!hasMesh(face) || face.validity !== 'ok') continue;
    const memory = advance(mouths, face, { ptsUs: faces.ptsUs, voice });
    if (memory.seconds >= WARM_UP_SECONDS) signs.set(face.trackId, signsOf(memory));
  }
  for (const ended of faces.endedTracks) mouths.delete(ended);
  return signs;
}

function advance(
  mouths: Map<number, MouthMemory>,
  face: MeshedFace,
  { ptsUs, voice }: { readonly ptsUs: number; readonly voice: VoiceMoment | null },
): MouthMemory {
  const shape = mouthOf(face);
  const known = mouths.get(face.trackId);
  if (known && ptsUs - known.lastUs <= MAX_GAP_SECONDS * 1e6) {
    stepMouth(known, { ptsUs, shape, loudness: voice?.loudness ?? null });
    return known;
  }
  const memory = createMouthMemory(ptsUs, shape);
  mouths.set(face.trackId, memory);
  return memory;
}

/**
 * Who of a frame's faces speaks: the probability of a voice, times that of this mouth making it. A mouth makes it that moves
 * as speech does, in step with the sound, and more so than the other mouths that are seen. Advances `state`.
 */
export function stepSpeech(
  state: SpeechState,
  faces: FrameFaces,
  voice: VoiceMoment | null,
): ReadonlyMap<number, Speaking> {
  const signs = readMouths(state, faces, voice);
  return new Map(
    faces.faces.map((face): [number, Speaking] => {
      const own = signs.get(face.trackId);
      if (voice === null) return [face.trackId, { missing: 'no-sound' }];
      if (face.validity !== 'ok') return [face.trackId, { missing: face.validity }];
      if (!own) return [face.trackId, { missing: 'warming-up' }];
      const others = [...signs].flatMap(([track, mouth]) => (track === face.trackId ? [] : [mouth]));
      return [face.trackId, { speaking: probability(voice.probability * shareOfVoice(own, others)) }];
    }),
  );
}

/** What `shareOfVoice` weighs, in the order of `SPEECH_WEIGHTS`. */
export function mouthFeatures(own: MouthSigns, others: readonly MouthSigns[]): readonly number[] {
  const rivals = { movement: largest(others, 'movement'), inStep: largest(others, 'inStep') };
  return [
    1,
    own.movement,
    own.inStep,
    rivals.movement === null ? 0 : Math.min(0, own.movement - rivals.movement),
    rivals.inStep === null ? 0 : Math.min(0, own.inStep - rivals.inStep),
  ];
}

const largest = (signs: readonly MouthSigns[], of: keyof MouthSigns): number | null =>
  signs.length === 0 ? null : Math.max(...signs.map((sign) => sign[of]));

/** Probability that a voice that is heard is this mouth's. */
export function shareOfVoice(own: MouthSigns, others: readonly MouthSigns[]): number {
  const sum = mouthFeatures(own, others).reduce((total, value, index) => total + value * SPEECH_WEIGHTS[index]!, 0);
  return 1 / (1 + Math.exp(-sum));
}
