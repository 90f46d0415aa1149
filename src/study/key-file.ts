import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nearest } from '../config/nearest.js';
import { READ_PROBLEMS } from '../config/read-layer.js';
import { readTable } from '../csv/csv-rows.js';
import { AffectError } from '../domain/errors.js';
import type { Study } from '../domain/study.js';

const COLUMNS = ['participant', 'name'] as const;

/**
 * Who participants are, by a key file: csv with the columns participant and name. It is only ever read here, and what it says is
 * given back, never written. Throws INPUT_NOT_FOUND, CONFIG_INVALID; also where it lies among the results, which others get.
 */
export async function readKey(path: string, { results }: Pick<Study, 'results'>): Promise<ReadonlyMap<string, string>> {
  if (resolve(path).startsWith(`${results}/`))
    throw new AffectError('CONFIG_INVALID', `${path} lies among the results; keep the key file apart from them`);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AffectError('INPUT_NOT_FOUND', `--key ${path}: cannot be read (${READ_PROBLEMS[code] ?? code})`);
  }
  const { header, rows } = readTable(text, path);
  const [participantAt, nameAt] = COLUMNS.map((name) => header.indexOf(name)) as [number, number];
  if (participantAt < 0 || nameAt < 0)
    throw new AffectError(
      'CONFIG_INVALID',
      `${path}, line 1: expected the columns ${COLUMNS.join(',')}, got ${header.join(',') || 'none'}`,
    );
  const key = new Map<string, string>();
  const problems: string[] = [];
  for (const { line, fields } of rows) {
    const [participant = '', name = ''] = [fields[participantAt]?.trim(), fields[nameAt]?.trim()];
    if (participant === '' || name === '') problems.push(`line ${line}: participant or name is empty`);
    else if (key.has(participant)) problems.push(`line ${line}: ${participant} is there twice`);
    else key.set(participant, name);
  }
  if (problems.length > 0) throw new AffectError('CONFIG_INVALID', `${path}: ${problems.join('; ')}`);
  return key;
}

/** Pseudonyms and names that a word means: a pseudonym, or (part of) a name. Throws USAGE where it means nobody. */
export function lookUp(
  word: string,
  key: ReadonlyMap<string, string>,
): readonly (readonly [id: string, name: string])[] {
  const entries = [...key];
  const exact = entries.filter(([id]) => id === word);
  const named = entries.filter(([, name]) => name.toLocaleLowerCase().includes(word.toLocaleLowerCase()));
  const found = exact.length > 0 ? exact : named;
  if (found.length > 0) return found;
  // Names are nobody's business here: only pseudonyms are proposed.
  const meant = nearest(
    word,
    entries.map(([id]) => id),
  );
  throw new AffectError('USAGE', `${word}: nobody in the key file${meant ? `; is "${meant}" meant?` : ''}`);
}
