import { readFile } from 'node:fs/promises';
import { ANNOTATION_VERSION, type Annotation, type Verdict } from '../domain/annotation.js';
import { AffectError } from '../domain/errors.js';
import { writeWhole } from '../holding/write-whole.js';

const VERDICTS: readonly Verdict[] = ['accepted', 'corrected', 'rejected', 'added'];
const RATER = /^[A-Za-z0-9_-]{1,40}$/;

/** Whether a word can name a rater: it is part of file names, tiers and addresses. */
export const isRater = (word: string): boolean => RATER.test(word);

/** The word, or USAGE that says what it must be. */
export function checkedRater(word: string): string {
  if (isRater(word)) return word;
  throw new AffectError('USAGE', `"${word}" cannot name a rater: use up to 40 letters, digits, - and _`);
}

/** `<base>.annotations.<rater>.jsonl` */
export const raterPath = (base: string, rater: string): string => `${base}.annotations.${rater}.jsonl`;

/** The rater of a file of this name beside results of that name; null where it is none. */
export function raterOfFile(fileName: string, name: string): string | null {
  const [before, after] = [`${name}.annotations.`, '.jsonl'];
  if (!fileName.startsWith(before) || !fileName.endsWith(after)) return null;
  const rater = fileName.slice(before.length, -after.length);
  return isRater(rater) ? rater : null;
}

/** Annotations in order of time, one a line. */
export function annotationsText(annotations: readonly Annotation[]): string {
  return [...annotations]
    .sort((a, b) => a.onsetUs - b.onsetUs || a.person - b.person || a.id.localeCompare(b.id))
    .map((each) => `${JSON.stringify(each)}\n`)
    .join('');
}

/** Writes all that a rater says; the file has the old text or the new one. Rejects with OUTPUT_UNWRITABLE. */
export async function writeAnnotations(path: string, annotations: readonly Annotation[]): Promise<void> {
  try {
    await writeWhole(path, annotationsText(annotations), 0o666);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path} (${code}); check permissions and free space`, {
      cause,
    });
  }
}

/** What a rater said; empty where there is no file yet. Rejects with INPUT_NOT_FOUND, or INPUT_DAMAGED with the line. */
export async function readAnnotations(path: string): Promise<Annotation[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new AffectError('INPUT_NOT_FOUND', `${path} cannot be read (${code}); check its permissions`, { cause });
  }
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const problem = new AffectError(
      'INPUT_DAMAGED',
      `${path}:${at + 1} is no annotation of version ${ANNOTATION_VERSION}`,
    );
    let read: unknown;
    try {
      read = JSON.parse(line);
    } catch {
      throw problem;
    }
    if (!isAnnotation(read)) throw problem;
    return [read];
  });
}

/** Whether a value, from a file or a page, is an annotation of this version. */
export function isAnnotation(value: unknown): value is Annotation {
  const each = value as Partial<Record<keyof Annotation, unknown>> | null;
  const words = ['id', 'source', 'kind', 'label'] as const;
  return (
    typeof each === 'object' &&
    each?.v === ANNOTATION_VERSION &&
    words.every((key) => typeof each[key] === 'string' && each[key] !== '' && (each[key] as string).length <= 400) &&
    typeof each.rater === 'string' &&
    isRater(each.rater) &&
    Number.isSafeInteger(each.person) &&
    Number.isSafeInteger(each.onsetUs) &&
    Number.isSafeInteger(each.offsetUs) &&
    (each.offsetUs as number) > (each.onsetUs as number) &&
    VERDICTS.includes(each.verdict as Verdict) &&
    (each.episode === null || typeof each.episode === 'string') &&
    (each.note === null || (typeof each.note === 'string' && each.note.length <= 4000))
  );
}
