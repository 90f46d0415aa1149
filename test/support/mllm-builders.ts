import type { FaceReadings } from '../../src/domain/face-readings.js';
import type {
  EngineCall,
  EngineCapabilities,
  EngineOutcome,
  EngineRequest,
  Keyframe,
  MeasuredPriors,
  MllmEngine,
} from '../../src/domain/insight.js';
import { micros } from '../../src/domain/units.js';
import type { Clock } from '../../src/rx/clock.js';
import { mostly } from './record-builders.js';

export const CAN_ALL: EngineCapabilities = {
  logProbabilities: true,
  jsonSchema: true,
  choice: true,
  regex: true,
  loraByModel: true,
  prefill: true,
  severalImages: true,
  numericPriors: false,
  ownBatches: false,
};

export function priors(more: Partial<MeasuredPriors> = {}): MeasuredPriors {
  return {
    emotions: mostly('happiness'),
    actionUnits: { '12': { presence: 0.95, intensity: 3.2 }, '4': { presence: 0.05, intensity: 0.1 } },
    covered: [],
    pose: null,
    sharpness: 0.8,
    ...more,
  };
}

/** A smile as it is read, smoothed. */
export function readings(more: Partial<FaceReadings> = {}): FaceReadings {
  return {
    validity: 'ok',
    infersEmotions: true,
    emotions: mostly('happiness'),
    units: {
      '6': { presence: 0.9, intensity: 2.4, active: true },
      '12': { presence: 0.95, intensity: 3.2, active: true },
      '4': { presence: 0.05, intensity: 0.1, active: false },
    },
    coveredParts: [],
    pose: null,
    sharpness: 0.8,
    onset: null,
    ...more,
  };
}

/** A keyframe at a second of media time. */
export function keyframe(seconds: number, more: Partial<Keyframe> = {}): Keyframe {
  return {
    source: 'cam',
    track: 1,
    frame: Math.round(seconds * 25),
    ptsUs: micros(seconds * 1e6),
    reason: 'novelty',
    episode: null,
    priors: priors(),
    readings: readings(),
    ordinal: 0,
    faceJpeg: Uint8Array.of(0xff, 0xd8, 1),
    pictures: {},
    mesh: null,
    ...more,
  };
}

export function request(more: Partial<EngineRequest> = {}): EngineRequest {
  return {
    task: 'emotion',
    promptId: 'test@1',
    system: 'Be brief.',
    user: 'Which emotion is this?',
    images: [Uint8Array.of(0xff, 0xd8, 1, 2)],
    evidence: null,
    examples: [],
    form: { kind: 'words' },
    labels: null,
    prefill: null,
    maxTokens: 16,
    ...more,
  };
}

export const said = (text: string): EngineOutcome => ({
  kind: 'ok',
  answer: { text, labelProbabilities: null, promptTokens: 100, completionTokens: 5, truncated: false },
});

export const failure = (
  reason: Extract<EngineOutcome, { kind: 'failed' }>['reason'],
  retryable = true,
): EngineOutcome => ({ kind: 'failed', reason, message: `test: ${reason}`, retryable });

/** An engine that answers by a script after a time on a clock, and remembers what it was asked. */
export class ScriptedEngine implements MllmEngine {
  readonly id = 'scripted';
  readonly model = 'script-1';
  readonly batches: (readonly EngineRequest[])[] = [];
  /** By question, in order: takes its answer so far. */
  readonly writers: ((soFar: string) => void)[] = [];
  aborted = 0;
  closed = false;

  constructor(
    readonly clock: Clock,
    public answer: (request: EngineRequest, ordinal: number) => EngineOutcome = () => said('A cheerful face.'),
    public tookMs: number | ((batch: number, index: number) => number) = 100,
  ) {}

  async probe(): Promise<EngineCapabilities> {
    return CAN_ALL;
  }

  infer(calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    const first = this.batches.reduce((sum, batch) => sum + batch.length, 0);
    const batch = this.batches.length;
    this.batches.push(calls.map(({ request }) => request));
    return calls.map(({ request, signal, onText }, index) => {
      if (onText) this.writers.push(onText);
      const delayMs = typeof this.tookMs === 'number' ? this.tookMs : this.tookMs(batch, index);
      return new Promise((resolve) => {
        const cancel = this.clock.after(delayMs, () => resolve(this.answer(request, first + index)));
        signal.addEventListener('abort', () => {
          this.aborted += 1;
          cancel();
          resolve(failure('cancelled', false));
        });
      });
    });
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
