import type { Participant, Study } from '../../domain/study.js';
import { mienVersion } from '../../package-info.js';
import type { Measure } from '../numbers/measure.js';
import { type REFERENCES, type SPEECH_FILTERS, THIN_REASONS, type WINDOW_KINDS } from '../numbers/number-row.js';
import { HEAD_SPEED, HEAD_SPEED_ABOUT, type Signal } from '../numbers/signals.js';
import { EVENT_SOURCES, NOT_AVAILABLE, NUMBER_COLUMNS } from './bids-tables.js';

/** The version of the specification whose names and tables the dataset follows. */
const BIDS_VERSION = '1.10.0';

/** What a column of a table holds, in BIDS's words. */
interface Described {
  readonly Description: string;
  readonly Units?: string;
  readonly Levels?: Readonly<Record<string, string>>;
}

type Sidecar = Readonly<Record<string, Described | string>>;

const SESSION_TIME = 'seconds of session time: a video’s own time plus its offset';

/** `dataset_description.json`. */
export const datasetDescription = (study: string): object => ({
  Name: study,
  BIDSVersion: BIDS_VERSION,
  DatasetType: 'derivative',
  GeneratedBy: [
    { Name: 'mien', Version: mienVersion(), Description: 'visible facial movements and expressions, read from video' },
  ],
});

/** `participants.json`. */
export function participantsSidecar(participants: readonly Participant[]): Sidecar {
  const traits = [...new Set(participants.flatMap(({ traits: of }) => Object.keys(of)))];
  return {
    participant_id: { Description: 'who: sub- and the letters and digits of the id' },
    id: { Description: 'id in the study file and in mien’s own tables' },
    ...Object.fromEntries(traits.map((name) => [name, { Description: 'as the study file says of the participant' }])),
  };
}

/** `sessions.json`. */
export const SESSIONS_SIDECAR: Sidecar = {
  session_id: { Description: 'which: ses- and the letters and digits of the id' },
  id: { Description: 'id in the study file and in mien’s own tables' },
  condition: { Description: `condition of the session; ${NOT_AVAILABLE}: the study has none` },
};

/** Of the events. */
export const eventsSidecar = ({ name }: Pick<Study, 'name'>): Sidecar => ({
  ...about(name, 'markers of the study file, and the episodes of the participant’s face and speech that mien found'),
  onset: { Description: SESSION_TIME, Units: 's' },
  duration: { Description: 'how long it lasted', Units: 's' },
  trial_type: { Description: 'kind of the marker, excluded, or kind of the episode' },
  label: { Description: 'label of the marker, reason of what is left out, or label of the episode' },
  source: { Description: 'what the event is from', Levels: EVENT_SOURCES },
});

/** Of the frames. */
export const framesSidecar = ({ name }: Pick<Study, 'name'>, signals: readonly Signal[]): Sidecar => ({
  ...about(name, 'what was read of the participant’s face, frame by frame'),
  time: { Description: SESSION_TIME, Units: 's' },
  ...Object.fromEntries(
    signals.map(({ name: column, about: what, source }) => [
      column,
      { Description: `${what}; ${source} of records.jsonl; ${NOT_AVAILABLE}: not seen, or no reading` },
    ]),
  ),
  [HEAD_SPEED]: { Description: HEAD_SPEED_ABOUT },
});

const LEVELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  window: { session: 'the whole session', marker: 'a marker in it' } satisfies Partial<
    Record<(typeof WINDOW_KINDS)[number], string>
  >,
  speech: {
    all: 'of all time in the window',
    silent: 'only while the person is known not to speak',
  } satisfies Record<(typeof SPEECH_FILTERS)[number], string>,
  reference: {
    raw: 'as measured',
    baseline: 'minus the same measure in the person’s markers of kind baseline',
    median: 'minus the person’s own median over the session',
  } satisfies Record<(typeof REFERENCES)[number], string>,
  reason: THIN_REASONS,
};

/** Of the numbers. */
export function numbersSidecar({ name }: Pick<Study, 'name'>, measures: readonly Measure[]): Sidecar {
  const levels = { ...LEVELS, measure: Object.fromEntries(measures.map((each) => [each.name, each.about])) };
  const columns = NUMBER_COLUMNS.map(({ name: column, about: what, missing }) => {
    const known = levels[column as keyof typeof levels];
    const Description = `${what}; ${NOT_AVAILABLE}: ${missing}`;
    return [column, known ? { Description, Levels: known } : { Description }] as const;
  });
  return {
    ...about(name, 'numbers of the participant by window and measure, as in numbers.csv'),
    ...Object.fromEntries(columns),
  };
}

const about = (study: string, what: string): Sidecar => ({ TaskName: study, Description: what });

/** `README.md`. */
export const readme = (study: string): string => `# ${study}

Derivatives of mien ${mienVersion()}: what faces of recorded interviews visibly do, read from video. The videos are not here. What is told are visible movements and what they may express, not what somebody feels.

One folder a participant and session. In \`beh\`: \`desc-mien_events.tsv\` (markers and episodes), \`desc-frames_beh.tsv\` (readings, frame by frame), \`desc-numbers_beh.tsv\` (one row a window and measure). Times are seconds of session time. The \`.json\` files at the top say what each column holds.

Names hold only the letters and digits of the study's ids; the column \`id\` has them whole. Rows of pairs, conditions and groups are in \`numbers.csv\` of the study.
`;
