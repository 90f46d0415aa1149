import { EMOTIONS } from '../../src/domain/affect.js';
import type { Marker, Study, StudySession } from '../../src/domain/study.js';
import { micros } from '../../src/domain/units.js';
import { mulberry32 } from '../../src/statistics/random.js';
import type { NumberRow } from '../../src/study/numbers/number-row.js';
import type { PersonSeries } from '../../src/study/numbers/person-series.js';
import type { SignalValues } from '../../src/study/numbers/signals.js';
import type { StudyPageMeta } from '../../src/study/report/page-meta.js';
import { type GatheredStudy, StudyReportGatherer } from '../../src/study/report/report-gatherer.js';
import { STUDY_ANALYSIS } from './made-study.js';

export interface StudyFixtureOptions {
  /** Sessions of two people each; conditions alternate. */
  readonly sessions: number;
  readonly seconds: number;
  readonly fps: number;
  readonly markers: number;
  readonly measures: number;
}

const SMALL: StudyFixtureOptions = { sessions: 8, seconds: 240, fps: 5, markers: 5, measures: 6 };
const MEASURES = [
  'valence_mean',
  'happiness_share',
  'au12_intensity_mean',
  'speaking_share',
  'blink_rate',
  'head_speed_mean',
];
const UNITS = ['-1..1', 'share', '0..5', 'share', 'per minute', 'degrees/s'];
const CONDITIONS = ['calm', 'under pressure'];

function markersOf(session: string, { markers, seconds }: StudyFixtureOptions): Marker[] {
  const length = seconds / (markers + 1);
  return Array.from({ length: markers }, (_, at) => ({
    id: `${session}-q${at + 1}`,
    label: at === 0 ? 'warm-up' : `question ${at}`,
    kind: at === 0 ? 'baseline' : 'question',
    fromUs: micros((at + 0.5) * length * 1e6),
    toUs: micros((at + 1.3) * length * 1e6),
    participant: null,
  }));
}

/** A study that was never filmed: sessions of two people, questions, and one stretch that is left out. */
export function fixtureStudy(options: StudyFixtureOptions = SMALL): Study {
  const sessions = Array.from({ length: options.sessions }, (_, at): StudySession => {
    const id = `s${String(at + 1).padStart(2, '0')}`;
    const people = { 1: `p${String(2 * at + 1).padStart(2, '0')}`, 2: `p${String(2 * at + 2).padStart(2, '0')}` };
    const [offsetUs, durationUs] = [micros(0), micros(options.seconds * 1e6)];
    const video = { id: `${id}-front`, path: `/videos/${id}.mp4`, offsetUs, durationUs, people, map: null };
    const excluded = {
      fromUs: micros(90e6),
      toUs: micros(104e6),
      reason: 'the interviewer came in',
      participant: null,
    };
    return {
      id,
      condition: CONDITIONS[at % 2]!,
      videos: [video],
      markers: markersOf(id, options),
      excluded: at % 3 === 0 ? [excluded] : [],
    };
  });
  const participants = sessions.flatMap(({ videos }) =>
    Object.values(videos[0]!.people).map((id) => ({ id, traits: {} })),
  );
  const paths = { file: '/study.yaml', results: '/results' };
  return {
    name: 'Interviews, pilot',
    ...paths,
    layout: 'plain',
    participants,
    conditions: CONDITIONS,
    sessions,
    analysis: STUDY_ANALYSIS,
  };
}

/** A person who smiles after the start of each marker, more so when calm, talks in turns, and is away for a while. */
function seriesOf(
  participant: string,
  session: StudySession,
  options: StudyFixtureOptions,
  seed: number,
): PersonSeries {
  const uniform = mulberry32(seed);
  const frames = options.seconds * options.fps;
  const timeUs = Float64Array.from({ length: frames }, (_, at) => Math.round((at * 1e6) / options.fps));
  const warmth = (session.condition === 'calm' ? 0.62 : 0.3) + 0.2 * (uniform() - 0.5);
  const away = 0.3 + 0.5 * uniform();
  const names = ['valence', 'arousal', 'happiness', 'au12_intensity', 'speaking', 'label', 'head_yaw'];
  const floats = new Map(names.map((name) => [name, new Float32Array(frames).fill(Number.NaN)] as const));
  for (let at = 0; at < frames; at++) {
    const share = at / frames;
    const talks = Math.sin(share * 40 + (participant.endsWith('1') ? 0 : Math.PI)) > 0.2;
    floats.get('speaking')![at] = talks ? 0.9 : 0.05;
    if (share > away && share < away + 0.06) continue;
    const since = Math.min(
      ...session.markers.map(({ fromUs }) => (timeUs[at]! < fromUs ? 99 : (timeUs[at]! - fromUs) / 1e6)),
    );
    const smile = since < 9 ? warmth * Math.min(1, since / 2) * Math.exp(-since / 7) * 1.6 : 0.05;
    const noise = 0.06 * (uniform() - 0.5);
    floats.get('valence')![at] = smile * 0.9 - 0.08 + noise;
    floats.get('arousal')![at] = 0.1 + smile * 0.4 + noise;
    floats.get('happiness')![at] = Math.max(0, Math.min(1, smile + noise));
    floats.get('au12_intensity')![at] = Math.max(0, smile * 4 + noise);
    floats.get('label')![at] = smile > 0.35 ? EMOTIONS.indexOf('happiness') : uniform() < 0.02 ? -1 : 0;
    floats.get('head_yaw')![at] = 0;
  }
  const signals = new Map(
    [...floats].map(([name, values]): [string, SignalValues] => [
      name,
      { floats: values, digits: name === 'label' ? 0 : 4 },
    ]),
  );
  return { participant, timeUs, weightUs: new Float64Array(frames).fill(1e6 / options.fps), signals, episodes: [] };
}

/** The people of a session. */
export const fixtureSeries = (session: StudySession, options: StudyFixtureOptions): readonly PersonSeries[] =>
  Object.values(session.videos[0]!.people).map((participant) =>
    seriesOf(participant, session, options, Number(participant.slice(1))),
  );

function* rowsOf(study: Study, { measures, seconds }: StudyFixtureOptions): Generator<NumberRow> {
  const uniform = mulberry32(7);
  const base = { study: study.name, traits: {}, partner: null, fromS: 0, toS: seconds, blockSeconds: 10, seconds: 40 };
  const labels = study.sessions[0]!.markers.map(({ label }) => label);
  for (let at = 0; at < measures; at++) {
    const measure = MEASURES[at] ?? `measure_${at}`;
    const unit = UNITS[at] ?? 'share';
    for (const [reference, speech] of [
      ['raw', 'all'],
      ['raw', 'silent'],
      ['baseline', 'all'],
    ] as const) {
      for (const marker of [null, ...labels]) {
        const window = marker === null ? 'session' : 'marker';
        const common = {
          ...base,
          measure,
          unit,
          reference,
          speech,
          marker,
          markerKind: null,
          window,
          level: 'person',
        } as const;
        const seen = new Map<string, number[]>();
        for (const { id: session, condition, videos } of study.sessions) {
          for (const participant of Object.values(videos[0]!.people)) {
            const thin = uniform() < 0.05;
            const value = thin ? null : (condition === 'calm' ? 0.35 : 0.18) + 0.25 * (uniform() - 0.5);
            if (value !== null) seen.set(condition!, [...(seen.get(condition!) ?? []), value]);
            const interval = { low: value === null ? null : value - 0.06, high: value === null ? null : value + 0.05 };
            yield {
              ...common,
              session,
              condition,
              participant,
              markerId: marker,
              value,
              ...interval,
              n: 200,
              windowSeconds: 48,
              coverage: thin ? 0.2 : 0.9,
              reason: thin ? 'low-coverage' : null,
            };
          }
        }
        for (const [condition, values] of seen) {
          const value = values.reduce((sum, each) => sum + each, 0) / values.length;
          yield {
            ...common,
            level: 'group',
            window: marker === null ? 'condition' : 'marker',
            session: null,
            participant: null,
            markerId: null,
            fromS: null,
            toS: null,
            condition,
            value,
            low: value - 0.04,
            high: value + 0.04,
            n: values.length,
            windowSeconds: 48,
            coverage: 0.9,
            reason: null,
          };
        }
      }
    }
  }
}

/** What the page shows of such a study. */
export function fixtureGathered(options: StudyFixtureOptions = SMALL, study = fixtureStudy(options)): GatheredStudy {
  const gatherer = new StudyReportGatherer(study);
  for (const session of study.sessions)
    for (const series of fixtureSeries(session, options)) gatherer.person(session, series);
  for (const row of rowsOf(study, options)) gatherer.row(row);
  return gatherer.finish({ valence_mean: 'mean valence, derived from the expression, over the time with a reading' });
}

export const FIXTURE_META: StudyPageMeta = {
  study: 'Interviews, pilot <2026>',
  mienVersion: '0.1.0',
  models: ['mien-affect 1.4.0', 'mien-occlusion 1.0.0'],
  codebook: [
    {
      kind: 'column',
      name: 'value',
      meaning: 'the number',
      unit: 'number',
      range: 'by measure',
      source: 'study file and results',
      missing: 'left out; reason says why',
    },
    {
      kind: 'measure',
      name: 'valence_mean',
      meaning: 'mean valence',
      unit: '-1..1',
      range: '-1..1',
      source: 'valenceArousal.smoothed.valence',
      missing: '',
    },
    {
      kind: 'setting',
      name: 'blockSeconds',
      meaning: 'length of the blocks',
      unit: 'seconds',
      range: '10',
      source: 'mien',
      missing: '',
    },
  ],
  failures: [{ video: 's09-front', problem: 'INPUT_UNSUPPORTED; its session is left out' }],
};
