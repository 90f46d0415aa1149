import { basename, dirname, extname, resolve } from 'node:path';
import type { Layer, Problem } from '../config/layers.js';
import { type Parts, parseParts } from '../config/parse-parts.js';
import { problemText } from '../config/problem-text.js';
import { readLayer } from '../config/read-layer.js';
import { AffectError } from '../domain/errors.js';
import type { Participant, Study, StudyAnalysis, StudySession } from '../domain/study.js';
import { bidsProblems } from './bids/bids-names.js';
import { csvStudy } from './csv-study.js';
import { Findings } from './findings.js';
import { readParticipants } from './participants.js';
import { readNamed } from './read-list.js';
import { readSessions } from './sessions.js';
import { studySchema, type WrittenStudy } from './study-schema.js';
import { type Measure, measureVideo } from './videos.js';

/** What a study file says, or why it cannot be used, and what somebody should know of it. */
export interface CheckedStudy {
  /** Null where there are problems. */
  readonly study: Study | null;
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
}

/** Reads a study file and everything that it names. All problems are told at once. */
export async function checkStudy(file: string, measure: Measure = measureVideo): Promise<CheckedStudy> {
  const findings = new Findings();
  findings.layer = await layerOf(file, findings);
  if (findings.problems.length > 0) return { study: null, ...told(findings) };
  const { parts, problems } = parseParts(studySchema, findings.layer.value);
  for (const { path, text } of problems) findings.problem(findings.placeOf(path), text);
  const folder = dirname(resolve(file));
  const participants = await readParticipants((parts.participants ?? []) as WrittenStudy['participants'], {
    folder,
    findings,
  });
  const sessions = await readSessions(parts as Parts<WrittenStudy>, { folder, participants, findings, measure });
  tellUnseen(participants, sessions, findings);
  const name = parts.name ?? nameOf(file);
  if (parts.layout === 'bids') tellBids({ name, participants, sessions }, findings);
  const study = (): Study => ({
    file: resolve(file),
    name,
    results: resolve(folder, parts.results!),
    layout: parts.layout!,
    participants,
    conditions: conditionsOf(parts.conditions as readonly string[] | undefined, sessions),
    sessions,
    analysis: analysisOf(parts.analyze as WrittenStudy['analyze']),
  });
  return { study: findings.problems.length > 0 ? null : study(), ...told(findings) };
}

/** The study of a file. Throws CONFIG_INVALID with every problem, one a line. */
export async function loadStudy(file: string, measure: Measure = measureVideo): Promise<Study> {
  const { study, problems } = await checkStudy(file, measure);
  if (study) return study;
  throw studyError(problems);
}

/** The problems of a study file as one error. */
export const studyError = (problems: readonly Problem[]): AffectError =>
  new AffectError('CONFIG_INVALID', problemText(problems, 'the study'));

const told = ({ problems, notes }: Findings) => ({ problems, notes });

const isCsv = (file: string): boolean => extname(file).toLowerCase() === '.csv';

async function layerOf(file: string, findings: Findings): Promise<Layer> {
  if (!isCsv(file)) {
    const { layer, problems } = await readLayer(file, file, null);
    findings.problems.push(...problems);
    return layer;
  }
  const text = await readNamed(file, { where: file, key: 'file' }, findings);
  return text === undefined ? findings.layer : csvStudy(text, file, findings);
}

/** `interviews` of `interviews.yaml`; of `study.yaml` the name of its folder. */
function nameOf(file: string): string {
  const name = basename(file, extname(file));
  return name === 'study' ? basename(dirname(resolve(file))) : name;
}

/** As they are declared, else in the order in which sessions name them. */
function conditionsOf(declared: readonly string[] | undefined, sessions: readonly StudySession[]): readonly string[] {
  return declared ?? [...new Set(sessions.flatMap(({ condition }) => condition ?? []))];
}

const analysisOf = (written: WrittenStudy['analyze']): StudyAnalysis => ({
  ...written,
  fps: written.fps ?? null,
  formats: [...new Set(['jsonl', 'people', ...written.formats])],
  landmarks: written.landmarks as StudyAnalysis['landmarks'],
  rotate: written.rotate as StudyAnalysis['rotate'],
});

/** Participants in no video are no problem: they may have been invited only. */
function tellUnseen(participants: readonly Participant[], sessions: readonly StudySession[], findings: Findings): void {
  const named = new Set(sessions.flatMap(({ videos }) => videos.flatMap(({ people }) => Object.values(people))));
  const unseen = participants.filter(({ id }) => !named.has(id)).map(({ id }) => id);
  if (unseen.length > 0 && named.size > 0)
    findings.note(findings.placeOf(['participants']), `in no video: ${unseen.join(', ')}`);
}

function tellBids(study: Pick<Study, 'name' | 'participants' | 'sessions'>, findings: Findings): void {
  const problems = bidsProblems(study);
  if (problems.length > 0)
    findings.problem(
      findings.placeOf(['layout']),
      `bids: in its names only letters and digits of ids stay: ${problems.join('; ')}; give them other ids`,
    );
}
