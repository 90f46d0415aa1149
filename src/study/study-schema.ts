import { z } from 'zod';
import { choice, flag, key, number, whole } from '../config/keys.js';
import { LANDMARK_CHOICES } from '../domain/face.js';
import { TURNS } from '../domain/frame.js';
import { MODES } from '../domain/mode.js';
import { DEFAULT_MODEL, MODEL_SIZES, MODEL_TEXT } from '../domain/model-size.js';
import { DEFAULT_MAX_SIDE_PX, DEFAULT_MIN_FACE_PX } from '../domain/reading-size.js';
import { STUDY_LAYOUTS } from '../domain/study.js';
import { DEFAULT_OUTPUTS, OUTPUT_NAMES } from '../outputs/outputs.js';
import { TIME_WORDS, timeUs } from './session-time.js';

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const ID_WORDS = '1 to 64 letters, digits, - and _, not beginning with - or _';

/** A word of the study's own; a plain number is taken as it is written. */
const word = (text: string) =>
  key(
    z.union([z.string().min(1).max(200), z.number()]).transform((value) => String(value).trim()),
    { accepts: 'a word, or a few', text },
  );

const id = (text: string) =>
  key(
    z
      .union([z.string(), z.number()])
      .transform(String)
      .refine((value) => ID.test(value)),
    { accepts: ID_WORDS, text },
  );

const path = (text: string) =>
  key(z.string().min(1).max(4096), { accepts: 'a path', text: `${text} A relative path starts from the study file.` });

/** Parsed to microseconds. */
const time = (text: string) =>
  key(
    z
      .union([z.string(), z.number()])
      .refine((value) => timeUs(value) !== null)
      .transform((value) => timeUs(value) ?? Number.NaN),
    { accepts: TIME_WORDS, text },
  );

const trait = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const participants = key(z.union([z.string().min(1), z.array(z.record(z.string(), trait))]), {
  accepts: 'a csv file, or a list such as [{id: P01, group: a}]',
  text: 'Who is studied: a list of pseudonyms with what else is known of each (group, age …), or a csv file with a column id and one column a trait.',
});

const fileKeys = {
  file: path(
    'List of several, instead of one written here: csv, or of markers also .srt, .vtt and ELAN .eaf.',
  ).optional(),
  video: id('Times are those of this video, without its offset. Without it they are session time.').optional(),
  participant: id('Whom it is about; without it, all.').optional(),
};

const marker = z.strictObject({
  id: id('Unique in its session; made from the label where it is missing.').optional(),
  label: word(
    'The same word in all sessions where the same was asked or shown. Of cues: a template, $1 is the first group of match, $& all that matched.',
  ).optional(),
  kind: word('question, stimulus, phase, or a word of your own.').optional(),
  from: time('When it begins.').optional(),
  to: time(
    'When it ends; that instant is no part of it. Without it: when the next of its kind begins, or at the end of the session.',
  ).optional(),
  ...fileKeys,
  match: key(z.string().min(1), {
    accepts: 'a regular expression',
    text: 'Of .srt, .vtt and .eaf: only cues whose text matches are taken.',
  }).optional(),
  tier: word('Of .eaf: the tier.').optional(),
});

const excluded = z.strictObject({
  from: time('When it begins.').optional(),
  to: time('When it ends.').optional(),
  reason: word('Why it is left out, as tables and reports tell it.').optional(),
  ...fileKeys,
});

const people = key(z.record(z.string(), z.union([z.string(), z.number()]).transform(String)), {
  accepts: 'persons and participants, such as {1: P01, 2: P02} or {left: P01, right: P02}',
  text: 'Who is who: the number or name of a person in people.json, or left and right, to a participant.',
});

const video = z.strictObject({
  id: id('Name of its results; made from the file name where it is missing.').optional(),
  path: path('The file.'),
  offset: time('Session time of its first picture.').default(timeUs(0)!),
  people: people.optional(),
  map: path('Which track is which person, as csv: as --people of mien analyze.').optional(),
});

const session = z.strictObject({
  id: id('Unique in the study.'),
  condition: word('One of conditions.').optional(),
  videos: z
    .array(video)
    .min(1)
    .describe('Its files: several where several cameras saw it, or it was recorded in parts.'),
  markers: z.array(marker).default([]).describe('Questions, stimuli, phases.'),
  excluded: z.array(excluded).default([]).describe('Time that numbers leave out.'),
});

const formats = key(z.array(z.enum(OUTPUT_NAMES as [string, ...string[]])), {
  accepts: `some of ${OUTPUT_NAMES.join(', ')}`,
  text: 'What is written of each video; jsonl and people always are.',
});

/** Options of `mien analyze`, under the same names. */
const analyze = z.strictObject({
  fps: number({
    least: 0.001,
    most: 1000,
    text: 'Frames a second that are read at most; without it every frame.',
  }).optional(),
  mode: choice(MODES, 'au-only reports movements and infers no emotion.').default('full'),
  model: choice(MODEL_SIZES, MODEL_TEXT).default(DEFAULT_MODEL),
  words: flag('Also say in words what faces show, from the measurements.').default(false),
  landmarks: choice(LANDMARK_CHOICES as unknown as [string, ...string[]], 'Landmarks in the records file.').default(
    '68',
  ),
  formats: formats.default([...DEFAULT_OUTPUTS]),
  rotate: key(
    z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.enum(['auto', ...TURNS.map(String)])),
    {
      accepts: `one of auto, ${TURNS.join(', ')}`,
      text: 'Turn the picture clockwise; auto: where faces are clearly upright only that way.',
    },
  ).default('auto'),
  maxSide: whole({ least: 64, most: 16_384, text: 'Longer side that frames are shrunk to, pixels.' }).default(
    DEFAULT_MAX_SIDE_PX,
  ),
  minFace: whole({ least: 16, most: 16_384, text: 'Smallest face to look for, pixels.' }).default(DEFAULT_MIN_FACE_PX),
  blurOthers: flag(
    'In pictures (report, overlay) blur every face that the map of its video gives to no participant; without a map, every face.',
  ).default(false),
  joinAppearance: flag(
    'Within a video, also join tracks whose faces look alike: samples of them are in memory until its analysis ends.',
  ).default(false),
  baseline: flag('Subtract each person’s resting face.').default(true),
});

/** A study file as it is written; `mien study schema` prints it for editors. */
export const studySchema = z.strictObject({
  name: word('Title of the study.').optional(),
  results: path('Folder of the results.').default('results'),
  layout: choice(STUDY_LAYOUTS, 'bids: numbers, events and frames also as a BIDS dataset, in the folder bids.').default(
    'plain',
  ),
  participants: participants.default([]),
  conditions: z
    .array(word('A condition.'))
    .optional()
    .describe('In the order of tables and reports; without it, as sessions name them.'),
  analyze: analyze.prefault({}),
  sessions: z.array(session).min(1).describe('What happened at one time with the same people.'),
  markers: key(z.string().min(1), {
    accepts: 'a csv file',
    text: 'Markers of all sessions: csv with the columns session, label, from, and where wanted id, kind, to, participant, video.',
  }).optional(),
  excluded: key(z.string().min(1), {
    accepts: 'a csv file',
    text: 'Excluded ranges of all sessions: csv with the columns session, from, to, reason, and where wanted participant, video.',
  }).optional(),
});

/** What the schema makes of a study file that it finds right. */
export type WrittenStudy = z.output<typeof studySchema>;
export type WrittenSession = WrittenStudy['sessions'][number];
export type WrittenVideo = WrittenSession['videos'][number];
export type WrittenMarker = WrittenSession['markers'][number];
export type WrittenExcluded = WrittenSession['excluded'][number];

/** Whether a text may be an id of the study. */
export const isStudyId = (text: string): boolean => ID.test(text);

export const STUDY_ID_WORDS = ID_WORDS;

/** JSON Schema (draft 7) of a study file as written, for editors: pipelines/study.schema.json. */
export function studyJsonSchema(): string {
  const schema = z.toJSONSchema(studySchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'Study file of mien', ...schema }, null, 2)}\n`;
}
