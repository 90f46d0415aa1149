import { EMOTIONS } from '../../src/domain/affect.js';

/** Mean calibrated logits over EMOTIONS of a face that shows one thing, or hovers between two. */
export const FACES = {
  //            neutral happy surprise  sad anger disgust fear contempt
  neutral: [2.6, -0.6, -0.8, 0.5, -0.4, -1.5, -1.6, -0.9],
  happiness: [0.4, 4.0, -0.6, -1.8, -1.6, -1.8, -2.0, -0.8],
  surprise: [0.2, 0.2, 3.6, -1.2, -1.0, -1.6, 1.0, -1.8],
  sadness: [0.6, -1.2, -1.2, 3.2, 0.2, -0.6, 0.0, -1.0],
  anger: [0.6, -1.4, -1.0, 0.4, 3.2, 0.6, -0.4, -0.4],
  /** A weak smile: calibrated p about 0.66. */
  slightSmile: [1.5, 2.6, -0.8, -0.8, -1.0, -1.6, -1.8, -0.6],
  neutralOrSad: [1.8, -1.0, -1.0, 1.8, -0.2, -1.2, -1.0, -0.8],
  angerOrDisgust: [0.4, -1.4, -1.2, 0.2, 2.0, 1.9, -0.6, -0.4],
  surpriseOrFear: [0.0, -1.0, 2.2, 0.0, -0.6, -0.8, 2.1, -1.6],
  nothingClear: [0.6, 0.4, 0.3, 0.6, 0.5, 0.2, 0.3, 0.2],
} as const satisfies Record<string, readonly number[]>;
export type FaceName = keyof typeof FACES;

/** Stay at `face` for `seconds`, after gliding there from the last segment for `rampSeconds` (0: a step). */
export interface Segment {
  readonly face: FaceName;
  readonly seconds: number;
  readonly rampSeconds?: number;
}

/** What a frame-by-frame classifier adds to the truth; rates are per second, sizes in logits. */
export interface Noise {
  readonly slowSigma: number;
  readonly slowTauSeconds: number;
  readonly whiteSigma: number;
  readonly outlierRate: number;
  readonly outlierSize: number;
  readonly blinkRate: number;
  readonly dropoutRate: number;
}
export const QUIET: Noise = {
  slowSigma: 0,
  slowTauSeconds: 0.4,
  whiteSigma: 0,
  outlierRate: 0,
  outlierSize: 0,
  blinkRate: 0,
  dropoutRate: 0,
};
/** About the jitter of a 48 px classifier on compressed video: top label of a near-tie flips 6 times a second. */
export const NOISY: Noise = {
  slowSigma: 0.6,
  slowTauSeconds: 0.4,
  whiteSigma: 0.35,
  outlierRate: 0.3,
  outlierSize: 3,
  blinkRate: 0.3,
  dropoutRate: 0.1,
};

export interface Sample {
  readonly ptsUs: number;
  /** Null in a dropout. */
  readonly logits: readonly number[] | null;
  /** Segment of the sequence. */
  readonly segment: number;
}

/** Small seeded generator (mulberry32), 0 <= x < 1. */
export function seededRandom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Logits of a face frame by frame: AR(1) and white noise, wild frames, blinks, short dropouts. Deterministic. All are
 * divided by `temperature` (1): above 1 is a network that knows as much and says so more humbly.
 */
export function simulate(
  segments: readonly Segment[],
  settings: { readonly fps: number; readonly seed: number; readonly noise: Noise; readonly temperature?: number },
): Sample[] {
  const { fps, noise, temperature = 1 } = settings;
  const random = seededRandom(settings.seed);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const dt = 1 / fps;
  const keep = Math.exp(-dt / noise.slowTauSeconds);
  const slow = EMOTIONS.map(() => noise.slowSigma * gauss());
  const samples: Sample[] = [];
  let [blinkUntil, dropUntil, start, frame] = [0, 0, 0, 0];
  segments.forEach((segment, index) => {
    const from = FACES[segments[Math.max(0, index - 1)]!.face];
    const to = FACES[segment.face];
    for (; frame * dt < start + segment.seconds; frame += 1) {
      const t = frame * dt;
      const way = segment.rampSeconds ? Math.min(1, (t - start) / segment.rampSeconds) : 1;
      for (let k = 0; k < slow.length; k += 1) {
        slow[k] = keep * slow[k]! + Math.sqrt(1 - keep * keep) * noise.slowSigma * gauss();
      }
      if (random() < noise.blinkRate * dt) blinkUntil = t + 0.1 + 0.15 * random();
      if (random() < noise.dropoutRate * dt) dropUntil = t + 0.03 + 0.12 * random();
      const outlier = random() < noise.outlierRate * dt ? Math.floor(random() * slow.length) : -1;
      const logits = to.map((goal, k) => {
        const mean = from[k]! + way * (goal - from[k]!);
        return mean + slow[k]! + noise.whiteSigma * gauss() + (k === outlier ? noise.outlierSize : 0);
      });
      // Closed lids read as less neutral, more sad.
      if (t < blinkUntil) {
        logits[0]! -= 0.8;
        logits[3]! += 1;
      }
      const humble = logits.map((logit) => logit / temperature);
      samples.push({ ptsUs: Math.round(t * 1e6), logits: t < dropUntil ? null : humble, segment: index });
    }
    start += segment.seconds;
  });
  return samples;
}

/** Changes of a sequence of labels; null is a label of its own. */
export function countFlips<T>(labels: readonly T[]): number {
  return labels.filter((label, i) => i > 0 && label !== labels[i - 1]).length;
}
