import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AffectError } from '../domain/errors.js';

/** How the lines of a file are read. */
export interface JsonLinesOptions<T> {
  /** What a line holds; null or throwing for one that holds something else. */
  readonly parse: (value: unknown) => T | null;
  /** What is wrong with another line, after its place: "is no record; expected a line of NAME.records.jsonl". */
  readonly refusal: string;
  /** What to do about a file that cannot be read. */
  readonly fix: string;
}

/**
 * What the lines of a JSON Lines file hold, one by one: memory is bounded. Empty lines are left out. Throws
 * INPUT_NOT_FOUND, and INPUT_DAMAGED with the line, after the lines before it.
 */
export async function* readJsonLines<T>(path: string, { parse, refusal, fix }: JsonLinesOptions<T>): AsyncGenerator<T> {
  const input = createReadStream(path, 'utf8');
  let line = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      if (text.trim() === '') continue;
      const held = parsed(text, parse);
      if (held === null) throw new AffectError('INPUT_DAMAGED', `${path}:${line} ${refusal}`);
      yield held;
    }
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new AffectError('INPUT_NOT_FOUND', `${path} cannot be read (${code}); ${fix}`, { cause: error });
  } finally {
    input.destroy();
  }
}

function parsed<T>(text: string, parse: (value: unknown) => T | null): T | null {
  try {
    return parse(JSON.parse(text));
  } catch {
    return null; // The caller names the line.
  }
}
