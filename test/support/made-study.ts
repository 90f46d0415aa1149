import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMOTIONS, type Emotion } from '../../src/domain/affect.js';
import type { Person } from '../../src/domain/people.js';
import { type Episode, type FaceRecord, SCHEMA_VERSION } from '../../src/domain/records.js';
import type { Study, StudySession, StudyVideo } from '../../src/domain/study.js';
import { micros, radians } from '../../src/domain/units.js';
import { jsonEpisode, recordLine } from '../../src/record/record-json.js';
import { emptyFrame, episode, faceRecord, unitReading } from './record-builders.js';

/** A made video: its frames with the faces in them, as `mien analyze` would have written it. */
export interface MadeVideo {
  readonly id: string;
  readonly records: readonly FaceRecord[];
  readonly episodes: readonly Episode[];
  readonly people: readonly Person[];
  /** Fields of every record that this version does not declare yet. */
  readonly more?: (record: FaceRecord) => Readonly<Record<string, unknown>>;
}

/** A distribution with this much happiness, this much surprise, and the rest neutral. */
export function withHappiness(happiness: number, surprise = 0): readonly number[] {
  const shares: Partial<Record<Emotion, number>> = { happiness, surprise, neutral: 1 - happiness - surprise };
  return EMOTIONS.map((name) => shares[name] ?? 0);
}

/** A face whose numbers all follow from a few: what is not named is as in `faceRecord`. */
export function madeFace(
  frame: number,
  track: number,
  ptsUs: number,
  {
    happiness,
    valence = 0,
    yaw = 0,
    blink = false,
  }: {
    readonly happiness: number;
    readonly valence?: number;
    readonly yaw?: number;
    readonly blink?: boolean;
  },
): FaceRecord {
  const emotions = withHappiness(happiness);
  const va = { valence, arousal: valence / 2 };
  return faceRecord(frame, {
    track,
    ptsUs: micros(ptsUs),
    emotions: { raw: emotions, baselined: null, smoothed: emotions },
    valenceArousal: { raw: va, baselined: null, smoothed: va },
    label: happiness >= 0.5 ? 'happiness' : 'neutral',
    blink,
    pose: {
      yaw: radians(yaw),
      pitch: radians(0),
      roll: radians(0),
      translationMm: { x: 0, y: 0, z: 600 },
    },
    actionUnits: { '12': unitReading(happiness * 5), '12L': unitReading(happiness * 5) },
    speaking: null,
    missing: { speaking: 'no-sound' },
  });
}

/** A frame in which nobody is. */
export const madeGap = (frame: number, ptsUs: number): FaceRecord => ({ ...emptyFrame(frame), ptsUs: micros(ptsUs) });

export const madeEpisode = (
  track: number,
  [kind, label]: readonly [kind: string, label: string],
  onsetS: number,
  offsetS: number,
): Episode =>
  episode({
    id: `made/${track}/${kind}/${label}/${onsetS}`,
    track,
    kind: kind as Episode['kind'],
    label,
    onsetUs: micros(onsetS * 1e6),
    apexUs: micros(onsetS * 1e6),
    offsetUs: micros(offsetS * 1e6),
  });

/** Track n is person n, for each of them. */
export const eachTrack = (...tracks: readonly number[]): readonly Person[] =>
  tracks.map((track) => ({
    person: track,
    name: null,
    tracks: [{ track, fromUs: null, toUs: null, by: 'first' }],
  }));

export const madeStudyVideo = (id: string, more: Partial<StudyVideo> = {}): StudyVideo => ({
  id,
  path: `/nowhere/${id}.mp4`,
  offsetUs: micros(0),
  durationUs: null,
  people: { '1': 'P1', '2': 'P2' },
  map: null,
  ...more,
});

export const madeSession = (id: string, more: Partial<StudySession> = {}): StudySession => ({
  id,
  condition: null,
  videos: [madeStudyVideo(id)],
  markers: [],
  excluded: [],
  ...more,
});

export const madeMarker = (
  id: string,
  fromS: number,
  toS: number,
  more: Partial<StudySession['markers'][number]> = {},
): StudySession['markers'][number] => ({
  id,
  label: id,
  kind: 'question',
  fromUs: micros(fromS * 1e6),
  toUs: micros(toS * 1e6),
  participant: null,
  ...more,
});

/** How videos are analysed where a study says nothing of it. */
export const STUDY_ANALYSIS: Study['analysis'] = {
  fps: null,
  mode: 'full',
  model: 'large',
  words: false,
  landmarks: 'none',
  formats: ['jsonl'],
  rotate: 'auto',
  maxSide: 1280,
  minFace: 24,
  baseline: true,
  blurOthers: false,
  joinAppearance: false,
};

export function madeStudy(results: string, more: Partial<Study> = {}): Study {
  return {
    file: '/nowhere/study.yaml',
    name: 'made',
    results,
    layout: 'plain',
    participants: [
      { id: 'P1', traits: { age: 31, group: 'a' } },
      { id: 'P2', traits: { group: 'b' } },
    ],
    conditions: [],
    sessions: [madeSession('S1')],
    analysis: STUDY_ANALYSIS,
    ...more,
  };
}

/** Writes a made video's results where numbers read them. */
export function writeMadeVideo(results: string, { id, records, episodes, people, more }: MadeVideo): void {
  const folder = join(results, 'videos', id);
  mkdirSync(folder, { recursive: true });
  const write = (ending: string, text: string): void => writeFileSync(join(folder, `${id}${ending}`), text);
  const lines = records.map((record) => {
    const line = recordLine(record, 'none');
    return more ? JSON.stringify({ ...JSON.parse(line), ...more(record) }) : line;
  });
  write('.records.jsonl', lines.map((line) => `${line}\n`).join(''));
  write('.episodes.jsonl', episodes.map((each) => `${JSON.stringify(jsonEpisode(each))}\n`).join(''));
  write('.people.json', JSON.stringify({ v: 1, source: id, people, ignored: [], joined: people, tracks: [] }));
  const summary = { records: records.length, episodes: episodes.length, tracks: people.length };
  const run = { actionUnits: ['12', '12L'] };
  write('.manifest.json', JSON.stringify({ schemaVersion: SCHEMA_VERSION, run, summary, files: [] }));
}
