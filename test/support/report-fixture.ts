import { EMOTIONS, type Emotion } from '../../src/domain/affect.js';
import { VALIDITY, type Validity } from '../../src/domain/face.js';
import type { GazeState } from '../../src/domain/gaze.js';
import {
  type Episode,
  type FaceRecord,
  type RunInfo,
  type RunSummary,
  SCHEMA_VERSION,
} from '../../src/domain/records.js';
import { type Micros, micros, probability, radians } from '../../src/domain/units.js';
import { FIXTURE_UNITS, ScriptedUnits, type UnitEvent } from './report-units.js';
import { WITHOUT_HARDWARE } from './settled.js';

/** A moment in a scripted person's life: an expression held, or a reason not to be readable. */
interface Moment {
  readonly from: number;
  readonly to: number;
  readonly show: Emotion | Exclude<Validity, 'ok'>;
  /** Logit at its height. */
  readonly strength?: number;
}

interface Person {
  readonly track: number;
  readonly leftPx: number;
  readonly moments: readonly Moment[];
}

export const FIXTURE_SIZE = { widthPx: 640, heightPx: 360 } as const;
const FPS = 25;

const PEOPLE: readonly Person[] = [
  {
    track: 1,
    leftPx: 110,
    moments: [
      { from: 4, to: 9.5, show: 'happiness', strength: 7 },
      { from: 13, to: 14.6, show: 'surprise', strength: 7 },
      { from: 20, to: 22, show: 'profile' },
      { from: 25, to: 31, show: 'sadness', strength: 4.6 },
      { from: 37, to: 40, show: 'anger', strength: 5.4 },
      { from: 45, to: 45.8, show: 'blurred' },
      { from: 47, to: 56, show: 'happiness', strength: 6.2 },
      { from: 58.8, to: 60, show: 'profile' },
    ],
  },
  {
    track: 2,
    leftPx: 390,
    moments: [
      { from: 3, to: 6, show: 'contempt', strength: 5 },
      { from: 13.4, to: 16, show: 'fear', strength: 5.4 },
      { from: 21.2, to: 24, show: 'disgust', strength: 5.6 },
      { from: 30, to: 36, show: 'out-of-frame' },
      { from: 41, to: 50, show: 'happiness', strength: 5.6 },
      { from: 52, to: 54, show: 'surprise', strength: 6 },
      { from: 58.4, to: 60, show: 'out-of-frame' },
    ],
  },
];

/** Valence and arousal of each emotion, for made-up data only. */
const CIRCUMPLEX: readonly (readonly [number, number])[] = [
  [0, 0],
  [0.9, 0.16],
  [0.4, 0.88],
  [-0.81, -0.4],
  [-0.51, 0.59],
  [-0.6, 0.35],
  [-0.64, 0.6],
  [-0.55, 0.43],
];

/** A small seeded generator (mulberry32), so that every run sees the same people. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const circumplex = (shares: readonly number[]) => ({
  valence: shares.reduce((sum, share, at) => sum + share * CIRCUMPLEX[at]![0], 0),
  arousal: shares.reduce((sum, share, at) => sum + share * CIRCUMPLEX[at]![1], 0),
});

const rise = (at: number, { from, to }: Moment): number => Math.max(0, Math.min(1, (at - from) / 0.6, (to - at) / 0.8));

export interface FixtureFrame {
  readonly ptsUs: Micros;
  readonly records: readonly FaceRecord[];
}

export interface ReportFixture {
  readonly run: RunInfo;
  readonly summary: RunSummary;
  readonly frames: readonly FixtureFrame[];
  readonly episodes: readonly Episode[];
}

/**
 * Two scripted people on a minute of video (or the seconds asked for, repeating): records, episodes and run facts;
 * with `units`, also what a model says that reads action units.
 */
export function reportFixture(
  options: { readonly seconds?: number; readonly fileName?: string; readonly units?: boolean } = {},
): ReportFixture {
  const { seconds = 60, fileName = 'interview-03.mp4', units = false } = options;
  const people = PEOPLE.map((person) => new ScriptedPerson(person, units));
  const frames: FixtureFrame[] = [];
  const coverage = Object.fromEntries(VALIDITY.map((name) => [name, 0])) as Record<Validity, number>;
  for (let index = 0; index < seconds * FPS; index++) {
    const ptsUs = micros((index * 1e6) / FPS);
    const records = people.map((person) => person.recordAt(index, ptsUs));
    frames.push({ ptsUs, records });
    coverage[records.some(({ validity }) => validity === 'ok') ? 'ok' : records[0]!.validity] += 1;
  }
  const last = frames.at(-1)?.ptsUs ?? null;
  const episodes = people.flatMap((person) => person.finish(last ?? micros(0)));
  episodes.sort((a, b) => a.offsetUs! - b.offsetUs!);
  const summary: RunSummary = {
    status: 'complete',
    problem: null,
    notes: [],
    frames: frames.length,
    records: frames.length * people.length,
    tracks: people.length,
    episodes: episodes.length,
    firstPtsUs: frames[0]?.ptsUs ?? null,
    lastPtsUs: last,
    coverage,
  };
  const run = runInfo(fileName, seconds);
  return { run: units ? { ...run, actionUnits: FIXTURE_UNITS } : run, frames, episodes, summary };
}

function runInfo(fileName: string, seconds: number): RunInfo {
  const licence = 'Apache-2.0';
  return {
    mienVersion: '0.1.0',
    source: fileName.replace(/\.[^.]+$/, ''),
    video: {
      fileName,
      codec: 'h264',
      ...FIXTURE_SIZE,
      sourceWidthPx: 1280,
      sourceHeightPx: 720,
      startOffsetSeconds: 0,
      durationSeconds: seconds,
      nominalFps: FPS,
    },
    models: [
      {
        id: 'blazeface-full',
        version: '0.4',
        sha256: '3f1c'.repeat(16),
        licence,
        job: 'finds faces',
        precision: 'float',
      },
      {
        id: 'facemesh',
        version: '0.4',
        sha256: 'a9d2'.repeat(16),
        licence,
        job: 'follows faces with 468 landmarks',
        precision: 'float',
      },
      {
        id: 'mien-affect',
        version: '1.0.0',
        sha256: '07be'.repeat(16),
        licence,
        job: 'reads 8 emotions',
        precision: 'float',
      },
    ],
    ...WITHOUT_HARDWARE,
    actionUnits: [],
    options: { detector: 'full', maxFaces: 16, sampleFps: null, overlay: false },
    startedAt: '2026-01-15T09:30:00.000Z',
  };
}

class ScriptedPerson {
  readonly #person: Person;
  readonly #random: () => number;
  readonly #episodes: Episode[] = [];
  #smoothed: number[] | null = null;
  #label: Emotion | null = null;
  #open: { label: Emotion; onset: Micros; apex: Micros; peak: number; sum: number; count: number } | null = null;
  readonly #units: ScriptedUnits | null;
  #nextBlink = 2.4;
  #drift = 0;

  constructor(person: Person, units: boolean) {
    this.#person = person;
    this.#units = units ? new ScriptedUnits() : null;
    this.#random = randomFrom(person.track * 7919);
  }

  finish(lastUs: Micros): Episode[] {
    this.#end(lastUs, 'source-end');
    this.#pushUnits(this.#units?.finish(lastUs) ?? [], 'source-end');
    return this.#episodes;
  }

  recordAt(index: number, ptsUs: Micros): FaceRecord {
    const at = ptsUs / 1e6;
    const scripted = at % 60;
    const now = this.#person.moments.filter(({ from, to }) => scripted >= from && scripted < to);
    const hidden = now.map(({ show }) => show).find((show) => (VALIDITY as readonly string[]).includes(show));
    const validity = (hidden ?? 'ok') as Validity;
    this.#drift = 0.95 * this.#drift + this.#noise(0.25);
    const logits = EMOTIONS.map((name) => (name === 'neutral' ? 2.6 : 0) + this.#noise(1.1));
    for (const moment of now) {
      const channel = EMOTIONS.indexOf(moment.show as Emotion);
      if (channel >= 0) logits[channel]! += (moment.strength ?? 0) * rise(scripted, moment);
    }
    logits[1]! += 0.5 * this.#drift;
    const raw = softmax(logits);
    const baselined = at < 8 ? null : softmax(logits.map((logit, channel) => logit - (channel === 1 ? 0.3 : 0)));
    if (validity === 'ok') this.#follow(ptsUs, baselined ?? raw);
    else {
      this.#smoothed = null;
      this.#label = null;
      this.#end(ptsUs, 'face-lost');
    }
    return this.#record({ index, ptsUs, validity, raw, baselined, blinking: this.#blinking(at) });
  }

  #noise(scale: number): number {
    return (this.#random() + this.#random() + this.#random() - 1.5) * scale;
  }

  #follow(ptsUs: Micros, target: readonly number[]): void {
    const before = this.#smoothed ?? target;
    const smoothed = before.map((value, channel) => value + 0.18 * (target[channel]! - value));
    this.#smoothed = smoothed;
    const top = smoothed.indexOf(Math.max(...smoothed));
    if (smoothed[top]! > 0.5) this.#label = EMOTIONS[top]!;
    else if (this.#label && smoothed[EMOTIONS.indexOf(this.#label)]! < 0.35) this.#label = null;
    if (this.#open && this.#open.label !== this.#label) this.#end(ptsUs, 'released');
    if (!this.#label || this.#label === 'neutral') return;
    const value = smoothed[EMOTIONS.indexOf(this.#label)]!;
    this.#open ??= { label: this.#label, onset: ptsUs, apex: ptsUs, peak: 0, sum: 0, count: 0 };
    this.#open.sum += value;
    this.#open.count += 1;
    if (value <= this.#open.peak) return;
    this.#open.peak = value;
    this.#open.apex = ptsUs;
  }

  #end(ptsUs: Micros, endReason: Episode['endReason']): void {
    if (!this.#open) return;
    const { label, onset, apex, peak, sum, count } = this.#open;
    this.#open = null;
    this.#push({
      kind: 'emotion',
      label,
      onsetUs: onset,
      apexUs: apex,
      offsetUs: ptsUs,
      peak,
      mean: sum / count,
      endReason,
    });
  }

  #push(episode: Omit<Episode, 'v' | 'id' | 'phase' | 'source' | 'track' | 'confidence'>): void {
    const { track } = this.#person;
    this.#episodes.push({
      v: SCHEMA_VERSION,
      id: `fixture/${track}/${episode.kind}/${episode.label}/${this.#episodes.length}`,
      phase: 'end',
      source: 'fixture',
      track,
      confidence: episode.mean,
      ...episode,
    });
  }

  #pushUnits(events: readonly UnitEvent[], endReason: Episode['endReason']): void {
    for (const { onsetUs, apexUs, offsetUs, ...event } of events) {
      const times = { onsetUs: micros(onsetUs), apexUs: micros(apexUs), offsetUs: micros(offsetUs) };
      this.#push({ kind: 'action-unit', ...event, ...times, endReason });
    }
  }

  #blinking(at: number): boolean {
    const from = this.#nextBlink;
    if (at < from) return false;
    if (at < from + 0.2) return true;
    const [onsetUs, apexUs, offsetUs] = [from, from + 0.08, from + 0.2].map((seconds) => micros(seconds * 1e6));
    this.#push({
      kind: 'blink',
      label: 'blink',
      onsetUs: onsetUs!,
      apexUs: apexUs!,
      offsetUs: offsetUs!,
      peak: 0.95,
      mean: 0.7,
      endReason: 'released',
    });
    this.#nextBlink = at + 2 + this.#random() * 4;
    return false;
  }

  #record(options: {
    readonly index: number;
    readonly ptsUs: Micros;
    readonly validity: Validity;
    readonly raw: number[];
    readonly baselined: number[] | null;
    readonly blinking: boolean;
  }): FaceRecord {
    const { ptsUs, validity, raw, baselined, blinking } = options;
    const smoothed = this.#smoothed;
    const label = this.#label;
    const at = ptsUs / 1e6;
    const sway = Math.sin(at / 3 + this.#person.track);
    const gone = validity === 'out-of-frame';
    const left = this.#person.leftPx + 12 * sway;
    const open = blinking ? 0.12 : 0.96;
    const units = this.#units?.step(ptsUs, { smoothed, blinking, warm: at < 8 });
    if (units) this.#pushUnits(units.ended, smoothed ? 'released' : 'face-lost');
    const noUnits = units ? null : 'not-supported';
    return {
      v: SCHEMA_VERSION,
      source: 'fixture',
      frame: options.index,
      ptsUs,
      wallTime: null,
      track: this.#person.track,
      validity,
      box: { space: 'frame', left, top: 90, right: left + 140, bottom: 260 },
      detectionScore: 0.97,
      mesh: null,
      pose: gone
        ? null
        : {
            yaw: radians(0.28 * sway + (validity === 'profile' ? 1.1 : 0) + this.#noise(0.02)),
            pitch: radians(0.12 * Math.cos(at / 2.1) + this.#noise(0.02)),
            roll: radians(0.07 * Math.sin(at / 5) + this.#noise(0.01)),
            translationMm: { x: 0, y: 0, z: 600 },
          },
      eyes: gone ? null : { left: open + this.#noise(0.05), right: open - 0.02 + this.#noise(0.05) },
      blink: gone ? null : blinking,
      speaking: null,
      gaze: gone || blinking ? null : gazeAt(at),
      quality: { interocularPx: 56, sharpness: 0.6, presence: probability(0.99), insideFrame: probability(1) },
      emotions: smoothed && { raw, baselined, smoothed },
      valenceArousal: smoothed && {
        raw: circumplex(raw),
        baselined: baselined && circumplex(baselined),
        smoothed: circumplex(smoothed),
      },
      label,
      cover: null,
      emotionWidening: smoothed && 1,
      confidence: label && smoothed ? smoothed[EMOTIONS.indexOf(label)]! : null,
      baseline: at < 8 ? { status: 'warming', progress: at / 8 } : { status: 'ready', progress: 1 },
      actionUnits: units?.readings ?? null,
      missing:
        validity === 'ok'
          ? noUnits === null
            ? { 'actionUnits.presence.baselined': 'warming-up' }
            : { actionUnits: noUnits }
          : { emotions: validity, actionUnits: noUnits ?? validity },
    };
  }
}

/** Eyes that wander slowly around the camera. */
function gazeAt(at: number): GazeState {
  const looked = { yaw: radians(0.2 * Math.sin(at / 2)), pitch: radians(0.1 * Math.cos(at / 3)) };
  const contact = probability(Math.exp(-20 * (looked.yaw ** 2 + looked.pitch ** 2)));
  return { raw: looked, smoothed: looked, right: looked, left: looked, error: radians(0.1), contact };
}
