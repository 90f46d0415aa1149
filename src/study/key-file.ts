import { readFile, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { nearest } from '../config/nearest.js';
import { READ_PROBLEMS } from '../config/read-layer.js';
import { readTable } from '../csv/csv-rows.js';
import { AffectError } from '../domain/errors.js';
import type { Study } from '../domain/study.js';

const COLUMNS = ['participant', 'name'] as const;
/** Where a key file is of several studies: the name of the one that a row is of. */
const STUDY_COLUMN = 'study';

/** Who the participants of a study are. */
export interface ParticipantKey {
  /** Names by pseudonym; of participants of the study only. */
  readonly names: ReadonlyMap<string, string>;
  /** Pseudonyms in the file of whom the study knows nothing. */
  readonly strangers: readonly string[];
}

/** What of a study a key file is held against. */
type KeyStudy = Pick<Study, 'file' | 'name' | 'results' | 'participants'>;

/**
 * Who participants are, by a key file: csv with the columns participant and name, and where it is of several studies also study.
 * It is only ever read here, and what it says is given back, never written. Throws INPUT_NOT_FOUND, CONFIG_INVALID; also where
 * it lies among the results, which others get, and where it is plainly another study's, whose P01 is somebody else.
 */
export async function readKey(path: string, study: KeyStudy): Promise<ParticipantKey> {
  let text: string;
  let real: string;
  try {
    real = await realpath(path);
    text = await readFile(real, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AffectError('INPUT_NOT_FOUND', `--key ${path}: cannot be read (${READ_PROBLEMS[code] ?? code})`);
  }
  const results = await realpath(study.results).catch(() => study.results); // there are no results yet
  if (real.startsWith(`${results}${sep}`))
    throw new AffectError('CONFIG_INVALID', `${path} lies among the results; keep the key file apart from them`);
  return keyOf(text, path, study);
}

function keyOf(text: string, path: string, study: KeyStudy): ParticipantKey {
  const rows = ofStudy(keyRows(text, path), path, study);
  const ids = study.participants.map(({ id }) => id);
  const known = rows.filter(({ participant }) => ids.includes(participant));
  if (ids.length > 0 && rows.length > 0 && known.length === 0)
    throw new AffectError(
      'CONFIG_INVALID',
      `${path} names no participant of ${study.file} (but ${rows[0]!.participant}, for example); is it the key of another study?`,
    );
  return {
    names: new Map(known.map(({ participant, name }) => [participant, name])),
    strangers: rows.map(({ participant }) => participant).filter((id) => !ids.includes(id)),
  };
}

interface KeyRow {
  readonly participant: string;
  readonly name: string;
  /** Null where the file does not say. */
  readonly study: string | null;
}

/** All rows of a key file. Throws CONFIG_INVALID with every problem. */
function keyRows(text: string, path: string): readonly KeyRow[] {
  const { header, rows } = readTable(text, path);
  const [participantAt, nameAt] = COLUMNS.map((name) => header.indexOf(name)) as [number, number];
  if (participantAt < 0 || nameAt < 0)
    throw new AffectError(
      'CONFIG_INVALID',
      `${path}, line 1: expected the columns ${COLUMNS.join(',')}, got ${header.join(',') || 'none'}`,
    );
  const studyAt = header.indexOf(STUDY_COLUMN);
  const seen = new Set<string>();
  const problems: string[] = [];
  const found = rows.map(({ line, fields }): KeyRow => {
    const [participant, name, study] = [participantAt, nameAt, studyAt].map((at) => fields[at]?.trim() ?? '') as [
      string,
      string,
      string,
    ];
    const whose = `${study}\n${participant}`;
    if (participant === '' || name === '') problems.push(`line ${line}: participant or name is empty`);
    else if (seen.has(whose)) problems.push(`line ${line}: ${participant} is there twice`);
    seen.add(whose);
    return { participant, name, study: study === '' ? null : study };
  });
  if (problems.length > 0) throw new AffectError('CONFIG_INVALID', `${path}: ${problems.join('; ')}`);
  return found;
}

/** Rows that are of this study, or do not say of which. */
function ofStudy(rows: readonly KeyRow[], path: string, { name }: KeyStudy): readonly KeyRow[] {
  const own = rows.filter(({ study }) => study === null || study === name);
  const others = [...new Set(rows.flatMap(({ study }) => study ?? []))];
  if (own.length === 0 && others.length > 0)
    throw new AffectError('CONFIG_INVALID', `${path} is of "${others.join('", "')}", and no row of it of "${name}"`);
  return own;
}

/** Pseudonyms and names that a word means: a pseudonym, or (part of) a name. Throws USAGE where it means nobody. */
export function lookUp(
  word: string,
  { names, strangers }: ParticipantKey,
): readonly (readonly [id: string, name: string])[] {
  const entries = [...names];
  const exact = entries.filter(([id]) => id === word);
  const named = entries.filter(([, name]) => name.toLocaleLowerCase().includes(word.toLocaleLowerCase()));
  const found = exact.length > 0 ? exact : named;
  if (found.length > 0) return found;
  if (strangers.includes(word))
    throw new AffectError('USAGE', `${word}: in the key file, but no participant of the study`);
  // Names are nobody's business here: only pseudonyms are proposed.
  const meant = nearest(
    word,
    entries.map(([id]) => id),
  );
  throw new AffectError('USAGE', `${word}: nobody in the key file${meant ? `; is "${meant}" meant?` : ''}`);
}
