import { actionUnit } from '../../domain/action-units.js';
import { EMOTIONS } from '../../domain/affect.js';
import { actionUnitStem } from '../../record/leaves.js';
import type { Measure } from './measure.js';
import type { WindowKind } from './number-row.js';
import type { PersonEpisode } from './person-series.js';
import { HEAD_SPEED, LABEL, SPEAKING, wholeUnits } from './signals.js';

const ALWAYS: readonly WindowKind[] = ['session', 'marker', 'condition'];
const PER_SESSION: readonly WindowKind[] = ['session', 'marker'];
const DEGREES = 180 / Math.PI;
const SECONDS = 1e-6;

type Source = Pick<Measure, 'source' | 'signal'>;

const mean = (name: string, more: Source & Pick<Measure, 'about' | 'unit' | 'range'>): Measure => ({
  name: `${name}_mean`,
  kind: 'mean',
  scale: 1,
  windows: ALWAYS,
  relative: ['baseline', 'median'],
  ...more,
});

const share = (name: string, more: Source & Pick<Measure, 'about' | 'from' | 'to'>): Measure => ({
  name: `${name}_share`,
  kind: 'share',
  unit: 'share of time',
  range: '0..1',
  scale: 1,
  windows: ALWAYS,
  relative: ['baseline'],
  ...more,
});

/** What is told of the episodes of one label. */
function episodesOf(
  name: string,
  what: string,
  { signal, episodes }: { readonly signal: string; readonly episodes: Pick<PersonEpisode, 'kind' | 'label'> },
): readonly Measure[] {
  const source = `episodes.jsonl: ${episodes.kind} "${episodes.label}"`;
  const common = { signal, episodes, source };
  return [
    {
      name: `${name}_rate`,
      kind: 'rate',
      about: `how often ${what} began`,
      unit: 'per minute',
      range: '0 and above',
      scale: 60e6,
      windows: ALWAYS,
      relative: ['baseline'],
      ...common,
    },
    {
      name: `${name}_length`,
      kind: 'length',
      about: `how long ${what} lasted`,
      unit: 'seconds',
      range: 'above 0',
      scale: SECONDS,
      windows: ALWAYS,
      relative: ['baseline'],
      ...common,
    },
    {
      name: `${name}_latency`,
      kind: 'latency',
      about: `when the first ${what} began`,
      unit: 'seconds',
      range: '0 and above',
      scale: SECONDS,
      windows: ['marker'],
      relative: [],
      ...common,
    },
  ];
}

const apexOf = (name: string, more: Source & Pick<Measure, 'about' | 'unit' | 'range'>): readonly Measure[] => [
  { name: `${name}_apex`, kind: 'apex', scale: 1, windows: ['marker'], relative: ['median'], ...more },
  {
    name: `${name}_apex_time`,
    kind: 'apex-time',
    scale: SECONDS,
    windows: ['marker'],
    relative: [],
    ...more,
    about: `when ${more.about} was highest`,
    unit: 'seconds',
    range: '0 and above',
  },
];

function emotionMeasures(): readonly Measure[] {
  const means = EMOTIONS.flatMap((emotion) => {
    const signal = {
      signal: emotion,
      source: `records.jsonl: emotions.smoothed.${emotion}`,
      about: `probability of ${emotion}`,
      unit: 'probability',
      range: '0..1',
    };
    return [mean(emotion, signal), ...(emotion === 'neutral' ? [] : apexOf(emotion, signal))];
  });
  const shares = EMOTIONS.map((emotion, code) =>
    share(emotion, {
      signal: LABEL,
      source: 'records.jsonl: label',
      about: `${emotion} is the label in force`,
      from: code,
      to: code,
    }),
  );
  const episodes = EMOTIONS.filter((emotion) => emotion !== 'neutral').flatMap((emotion) =>
    episodesOf(emotion, `an episode of ${emotion}`, { signal: LABEL, episodes: { kind: 'emotion', label: emotion } }),
  );
  const axes = (['valence', 'arousal'] as const).map((axis) =>
    mean(axis, {
      signal: axis,
      source: `records.jsonl: valenceArousal.smoothed.${axis}`,
      about: `${axis}, derived from the emotion probabilities`,
      unit: 'circumplex coordinate',
      range: '-1..1',
    }),
  );
  return [...means, ...axes, ...shares, ...episodes];
}

function unitMeasures(key: string): readonly Measure[] {
  const stem = actionUnitStem(key);
  const { code, name } = actionUnit(key);
  const intensity = {
    signal: `${stem}_intensity`,
    source: `records.jsonl: actionUnits.${key}.intensity.smoothed`,
    about: `strength of ${code} ${name}`,
    unit: 'FACS degrees (A..E as 1..5)',
    range: '0..5',
  };
  return [
    mean(`${stem}_intensity`, intensity),
    mean(`${stem}_presence`, {
      signal: `${stem}_presence`,
      source: `records.jsonl: actionUnits.${key}.presence.smoothed`,
      about: `probability that ${code} ${name} is present`,
      unit: 'probability',
      range: '0..1',
    }),
    share(`${stem}_active`, {
      signal: `${stem}_active`,
      source: `records.jsonl: actionUnits.${key}.active`,
      about: `${code} ${name} is active`,
      from: 1,
      to: 1,
    }),
    ...episodesOf(stem, `an episode of ${code} ${name}`, {
      signal: `${stem}_active`,
      episodes: { kind: 'action-unit', label: code },
    }),
    ...apexOf(`${stem}_intensity`, intensity),
  ];
}

function eyeAndHeadMeasures(): readonly Measure[] {
  const blink = (label: string, name: string, what: string): readonly Measure[] =>
    episodesOf(name, what, { signal: 'blink', episodes: { kind: 'blink', label } });
  return [
    ...blink('blink', 'blink', 'a blink'),
    ...blink('eyes-closed', 'eyes_closed', 'a closure of the eyes of more than half a second'),
    mean('gaze_contact', {
      signal: 'gaze_contact',
      source: 'records.jsonl: gaze.contact',
      about: 'probability that the eyes look at the camera: the share of time that is expected',
      unit: 'share of time',
      range: '0..1',
    }),
    mean(HEAD_SPEED, {
      signal: HEAD_SPEED,
      source: 'records.jsonl: pose.pitch, pose.yaw, pose.roll',
      about: 'angle by which the head turns from frame to frame, over the time between them',
      unit: 'degrees per second',
      range: '0 and above',
    }),
    ...['pitch', 'yaw', 'roll'].map(
      (axis): Measure => ({
        name: `head_${axis}_amplitude`,
        kind: 'deviation',
        about: `how far the head moves in ${axis} about its own mean`,
        unit: 'degrees',
        range: '0 and above',
        source: `records.jsonl: pose.${axis}`,
        signal: `head_${axis}`,
        scale: DEGREES,
        windows: PER_SESSION,
        relative: ['baseline'],
      }),
    ),
  ];
}

function speechMeasures(speakingFrom: number): readonly Measure[] {
  const turns = { signal: SPEAKING, episodes: { kind: 'speech', label: 'speech' } } as const;
  return [
    share(SPEAKING, {
      signal: SPEAKING,
      source: 'records.jsonl: speaking',
      about: `the probability that the person speaks is at least ${speakingFrom}`,
      from: speakingFrom,
      to: 1,
    }),
    ...episodesOf('turn', 'a turn of speaking', turns),
    {
      name: 'turns',
      kind: 'count',
      about: 'turns of speaking',
      unit: 'turns',
      range: '0 and above',
      source: 'episodes.jsonl: speech',
      scale: 1,
      windows: PER_SESSION,
      relative: [],
      ...turns,
    },
  ];
}

/** What a table holds besides what every results have. */
export interface MeasureOptions {
  /** Keys of the action units that any of the models reads. */
  readonly units: readonly string[];
  /** Whether any results know who speaks. */
  readonly speech: boolean;
  readonly speakingFrom: number;
}

/** The measures of single people, in the order of tables. */
export function measuresOf({ units, speech, speakingFrom }: MeasureOptions): readonly Measure[] {
  return [
    ...emotionMeasures(),
    ...wholeUnits(units).flatMap(unitMeasures),
    ...eyeAndHeadMeasures(),
    ...(speech ? speechMeasures(speakingFrom) : []),
  ];
}
