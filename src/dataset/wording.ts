import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { AffectError } from '../domain/errors.js';
import { draw, shuffled } from './draw.js';

/** What is asked about a face. */
export const QUESTION_KINDS = [
  'emotion',
  'units',
  'choice',
  'compound',
  'summary',
  'movement',
  'reasoning',
  'affect',
] as const;
/** One of `QUESTION_KINDS`. */
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** The questions that come with mien, in its own words. */
export const OWN_QUESTIONS = fileURLToPath(new URL('../../pipelines/questions/faces.yaml', import.meta.url));

/** More wordings of one kind than this are a slip in a pattern. */
const MAX_WORDINGS = 20_000;
/** Where wordings differ by this alone, the order in which they are held back does not. */
const ORDER_SEED = 0;

const fileSchema = z.strictObject({
  held: z.number().gt(0).lt(1),
  kinds: z.partialRecord(z.enum(QUESTION_KINDS), z.array(z.string().min(1).max(5000)).min(1).max(1000)),
});

/** Wordings of one kind of question: those to learn from, and those that are kept for test. */
export interface Wordings {
  readonly learn: readonly string[];
  readonly held: readonly string[];
}

/** Questions by kind. */
export type QuestionBook = Readonly<Partial<Record<QuestionKind, Wordings>>>;

/** A choice: braces with a bar. `{candidates}` has none. */
const CHOICE = /\{([^{}]*\|[^{}]*)\}/;

/** Every text that a pattern stands for: `{a|b}` is one of several. Throws RangeError where there are more than 20,000. */
export function expanded(pattern: string): string[] {
  let texts = [''];
  let rest = pattern;
  for (let found = CHOICE.exec(rest); found !== null; found = CHOICE.exec(rest)) {
    const before = rest.slice(0, found.index);
    const options = found[1]!.split('|');
    if (texts.length * options.length > MAX_WORDINGS) throw new RangeError(`more than ${MAX_WORDINGS} wordings`);
    texts = texts.flatMap((text) => options.map((option) => text + before + option));
    rest = rest.slice(found.index + found[0].length);
  }
  return texts.map((text) => text + rest);
}

/** The first letter of each sentence large: choices that begin one may be left out. */
const asSentence = (text: string): string => text.trim().replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());

/**
 * Questions of a file: `held`, the share that is kept for test, and `kinds`, patterns by kind. The order in which they are held
 * back depends on the wordings alone. Throws CONFIG_INVALID that names the file and all that is wrong.
 *
 * @param path - only for messages
 */
export function parseQuestionBook(text: string, path: string): QuestionBook {
  const invalid = (why: string): AffectError =>
    new AffectError('CONFIG_INVALID', `${path}: ${why.replace(/\s+/g, ' ')}; docs/datasets.md shows its form`);
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw invalid(`it is not YAML: ${(error as Error).message}`);
  }
  const file = fileSchema.safeParse(content);
  if (!file.success)
    throw invalid(file.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('; '));
  const book: Partial<Record<QuestionKind, Wordings>> = {};
  const wrong: string[] = [];
  for (const [kind, patterns] of Object.entries(file.data.kinds) as [QuestionKind, string[]][]) {
    try {
      const every = shuffled(ORDER_SEED, new Set(patterns.flatMap(expanded).map(asSentence)));
      const held = Math.max(1, Math.round(every.length * file.data.held));
      if (every.length < 2) wrong.push(`kinds.${kind}: one wording; at least two are needed, one is kept for test`);
      if (['choice', 'compound'].includes(kind) && !every.every((one) => one.includes('{candidates}')))
        wrong.push(`kinds.${kind}: a pattern without {candidates}`);
      const stray = every.find((one) => /[{}|]/.test(one.replaceAll('{candidates}', '')));
      if (stray !== undefined) wrong.push(`kinds.${kind}: a brace or bar is left in "${stray.slice(0, 80)}"`);
      book[kind] = { learn: every.slice(held), held: every.slice(0, held) };
    } catch (error) {
      wrong.push(`kinds.${kind}: ${(error as Error).message}`);
    }
  }
  if (wrong.length > 0) throw invalid(wrong.join('; '));
  return book;
}

/** Rejects with INPUT_NOT_FOUND or CONFIG_INVALID. */
export async function readQuestionBook(path: string): Promise<QuestionBook> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check --questions`, { cause: error });
  });
  return parseQuestionBook(text, path);
}

export interface Asking {
  readonly kind: QuestionKind;
  /** What decides which wording it is: the picture. */
  readonly key: string;
  readonly seed: number;
  /** Whether it is for a test part. */
  readonly held: boolean;
  /** Words for `{candidates}`. */
  readonly candidates: readonly string[];
}

/** A wording of a question. Throws CONFIG_INVALID where the book has none of this kind. */
export function question(book: QuestionBook, { kind, key, seed, held, candidates }: Asking): string {
  const wordings = book[kind]?.[held ? 'held' : 'learn'];
  if (wordings === undefined)
    throw new AffectError('CONFIG_INVALID', `the questions have no kind "${kind}"; add it to the file of --questions`);
  const chosen = wordings[Math.floor(draw(seed, `${kind}\n${key}`) * wordings.length)]!;
  return chosen.replaceAll('{candidates}', candidates.join(', '));
}
