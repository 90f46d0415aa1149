import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { AffectError } from '../../domain/errors.js';

/** Largest list that is read: FABA-Instruct's training files have about 25 MB. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
export const MAX_ITEMS = 1_000_000;
/** Problems that are spelled out; the rest is counted. */
const MAX_SHOWN = 20;

/** Reads a list. Rejects with INPUT_NOT_FOUND, or USAGE when it is larger than 256 MiB. */
export async function readListFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES)
      throw new AffectError('USAGE', `${path} has ${size} bytes; a list may have at most ${MAX_FILE_BYTES}`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof AffectError) throw error;
    throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check the path`, { cause: error });
  }
}

/** Collects what is wrong, so that one message names all of it. */
export class Problems {
  readonly #found: string[] = [];
  #count = 0;

  /** @param where - file and line, item or picture */
  add(where: string, problem: string): void {
    this.#count += 1;
    if (this.#found.length < MAX_SHOWN) this.#found.push(`${where}: ${problem.slice(0, 300)}`);
  }

  /** Throws USAGE that names every problem (the first 20, and how many more). */
  throwIfAny(before = ''): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#found.length;
    throw new AffectError('USAGE', `${before}${this.#found.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
  }
}

/** Collects what is wrong with the items of one list. */
export class ItemProblems {
  readonly #all = new Problems();

  /**
   * @param path - of the list, for the message
   * @param noun - what an item is called: "item", "question", "line"
   */
  constructor(
    private readonly path: string,
    private readonly noun: string,
  ) {}

  /** @param number - of the item, from 1 */
  add(number: number, problem: string): void {
    this.#all.add(`${this.noun} ${number}`, problem);
  }

  /** Throws USAGE that names every item with a problem (the first 20, and how many more). */
  throwIfAny(): void {
    this.#all.throwIfAny(`${this.path}, `);
  }
}

export interface ParseListOptions<T> {
  readonly text: string;
  /** Only for messages. */
  readonly path: string;
  readonly noun: string;
  readonly schema: z.ZodType<T>;
}

/** An item of a list that has the right form, and its number, from 1. */
export interface Numbered<T> {
  readonly number: number;
  readonly value: T;
}

/**
 * Entries of a JSON array, each checked by the schema; problems go to the collector, and the entry is left out. Throws
 * USAGE when the text is no JSON array, is empty or has more than a million entries.
 */
export function parseList<T>(options: ParseListOptions<T>, problems: ItemProblems): readonly Numbered<T>[] {
  const { text, path, noun, schema } = options;
  let list: unknown;
  try {
    list = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = (error as Error).message.replace(/\s+/g, ' ').slice(0, 200);
    throw new AffectError('USAGE', `${path} is not JSON: ${why}`, { cause: error });
  }
  if (!Array.isArray(list)) throw new AffectError('USAGE', `${path} is not a list of ${noun}s (a JSON array)`);
  if (list.length === 0) throw new AffectError('USAGE', `${path} lists no images; there is nothing to measure`);
  if (list.length > MAX_ITEMS)
    throw new AffectError('USAGE', `${path} lists ${list.length} ${noun}s; at most ${MAX_ITEMS} are read`);
  return list.flatMap((entry, index): Numbered<T>[] => {
    const parsed = schema.safeParse(entry);
    if (parsed.success) return [{ number: index + 1, value: parsed.data }];
    for (const issue of parsed.error.issues)
      problems.add(index + 1, `${issue.path.join('.') || 'entry'}: ${issue.message}`);
    return [];
  });
}
