import { LOUDNESS_LAGS_SECONDS, type SoundSource, type VoiceMoment, type VoiceTrack } from '../domain/sound.js';
import type { RunModel } from '../domain/tensor.js';
import type { Micros } from '../domain/units.js';
import { SEEN_SAMPLES, STEP_US, StepCutter, type VoiceStep } from './voice-steps.js';

/** Steps of one run of the model: 4 s. Runs are cut by the sound alone, so that all give the same numbers. */
const STEPS_PER_RUN = 125;
const STATE_SHAPE = [2, 1, 128] as const;
const STATE_VALUES = 256;

/** A voice is what is heard within this of a moment: shorter than a pause between sentences, longer than one inside a word. */
const AROUND_US = 160_000;
const LONGEST_LAG_US = Math.max(...LOUDNESS_LAGS_SECONDS) * 1e6;
/** Steps further apart than this are not neighbours: the sound has a gap. */
const GAP_US = 1.5 * STEP_US;

export interface HearVoiceOptions {
  readonly sound: SoundSource;
  readonly runModel: RunModel;
  readonly modelId: string;
}

/** One step, heard. */
interface Heard {
  readonly ptsUs: number;
  readonly voice: number;
  readonly loudness: number;
}

/** Where no sound is read. */
export const NO_VOICE: VoiceTrack = {
  notes: [],
  around: async () => null,
  end: async () => undefined,
};

/**
 * Listens to the sound of a source a few seconds ahead of who asks. The model is recurrent; its state is carried from run to
 * run and begins anew after a gap. Numbers depend on the sound alone, so a run that is resumed listens again and hears the same.
 */
export function hearVoice(options: HearVoiceOptions): VoiceTrack {
  // A run that is stopped finishes the frames in flight first, and they must hear what they would have heard: only `end` ends it.
  const left = new AbortController();
  const runs = heardRuns(options, left.signal);
  let heard: Heard[] = [];
  let over = false;
  let turn: Promise<unknown> = Promise.resolve();
  const listen = async (ptsUs: Micros): Promise<VoiceMoment | null> => {
    const neededUs = ptsUs + Math.max(LONGEST_LAG_US, AROUND_US) + STEP_US;
    while (!over && (heard.at(-1)?.ptsUs ?? Number.NEGATIVE_INFINITY) < neededUs) {
      const next = await runs.next();
      if (next.done) over = true;
      else heard.push(...next.value);
    }
    // What lies behind is not asked for again; one step before the earliest that counts stays, to look between two.
    const keep = heard.findIndex((step) => step.ptsUs >= ptsUs - AROUND_US - STEP_US);
    if (keep > 1) heard = heard.slice(keep - 1);
    return momentAt(heard, ptsUs);
  };
  return {
    notes: options.sound.notes,
    around(ptsUs) {
      // One after another: what a later moment does not need any more, an earlier one may.
      const answer = turn.then(() => listen(ptsUs));
      turn = answer.catch(() => undefined);
      return answer;
    },
    async end() {
      left.abort();
      over = true;
      await runs.return();
    },
  };
}

/** What is heard around a time among steps in order; null where there is no sound. */
export function momentAt(steps: readonly Heard[], ptsUs: number): VoiceMoment | null {
  const near = steps.filter((step) => Math.abs(step.ptsUs - ptsUs) <= AROUND_US);
  const inSound = near.some((step) => Math.abs(step.ptsUs - ptsUs) <= GAP_US);
  if (!inSound) return null;
  const probability = near.reduce((sum, { voice }) => sum + voice, 0) / near.length;
  return { probability, loudness: LOUDNESS_LAGS_SECONDS.map((lag) => loudnessAt(steps, ptsUs + lag * 1e6)) };
}

/** Between two steps, the line between them; beyond the sound, its nearest step. */
function loudnessAt(steps: readonly Heard[], ptsUs: number): number {
  const after = steps.findIndex((step) => step.ptsUs >= ptsUs);
  if (after === -1) return steps.at(-1)!.loudness;
  const [before, next] = [steps[after - 1], steps[after]!];
  if (!before || next.ptsUs - before.ptsUs > GAP_US) return next.loudness;
  const way = (ptsUs - before.ptsUs) / (next.ptsUs - before.ptsUs);
  return before.loudness + way * (next.loudness - before.loudness);
}

async function* heardRuns(options: HearVoiceOptions, signal: AbortSignal): AsyncGenerator<Heard[], void, void> {
  const cutter = new StepCutter();
  let state = new Float32Array(STATE_VALUES);
  let waiting: VoiceStep[] = [];
  const hear = async (steps: readonly VoiceStep[]): Promise<Heard[]> => {
    if (steps[0]!.fresh) state = new Float32Array(STATE_VALUES);
    const outputs = await options.runModel(options.modelId, {
      samples: { dtype: 'float32', shape: [steps.length, SEEN_SAMPLES], data: joined(steps) },
      state: { dtype: 'float32', shape: STATE_SHAPE, data: state },
    });
    state = outputs.state_after!.data as Float32Array<ArrayBuffer>;
    const voice = outputs.voice!.data;
    return steps.map(({ ptsUs, loudness }, index) => ({ ptsUs, loudness, voice: voice[index]! }));
  };
  for await (const piece of options.sound.pieces(signal)) {
    for (const step of cutter.push(piece)) {
      if (waiting.length === STEPS_PER_RUN || (step.fresh && waiting.length > 0)) {
        const steps = waiting;
        waiting = [];
        yield await hear(steps);
      }
      waiting.push(step);
    }
  }
  if (waiting.length > 0 && !signal.aborted) yield await hear(waiting);
}

function joined(steps: readonly VoiceStep[]): Float32Array {
  const data = new Float32Array(steps.length * SEEN_SAMPLES);
  for (const [index, { samples }] of steps.entries()) data.set(samples, index * SEEN_SAMPLES);
  return data;
}
