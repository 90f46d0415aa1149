import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { AffectError } from '../domain/errors.js';
import type { EngineAnswer, EngineCall, EngineOutcome, EngineRequest, MllmEngine } from '../domain/insight.js';

/** As much of an answer as is ever read (src/mllm/parse). */
const MAX_TEXT = 65_536;

interface Entry {
  readonly key: string;
  readonly answer: EngineAnswer;
}

/**
 * Every answer of an engine as soon as it came, by a digest of its question (words and pictures), so that a resumed run
 * asks only what is missing. File: a line of JSON per answer, `{key, answer}`; a torn or strange line is asked again.
 */
export class AnswerJournal {
  readonly #answers: Map<string, EngineAnswer>;
  readonly #path: string;
  readonly #file: number;
  #closed = false;
  #failure: AffectError | null = null;

  private constructor(path: string, file: number, answers: Map<string, EngineAnswer>) {
    this.#path = path;
    this.#file = file;
    this.#answers = answers;
  }

  /** Opens a file to append to; without `keep` its answers are forgotten. Throws OUTPUT_UNWRITABLE. */
  static open(path: string, { keep }: { readonly keep: boolean }): AnswerJournal {
    try {
      const answers = keep && existsSync(path) ? answersOf(readFileSync(path, 'utf8')) : new Map();
      const journal = new AnswerJournal(path, openSync(path, keep ? 'a' : 'w', 0o600), answers);
      if (keep) journal.#write('\n'); // ends a line that was torn
      return journal;
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** As the engine's own `infer`; only questions whose answer is not known yet reach the engine. */
  infer(engine: Pick<MllmEngine, 'infer'>, calls: readonly EngineCall[]): readonly Promise<EngineOutcome>[] {
    const keys = calls.map(({ request }) => keyOf(request));
    const open = calls.filter((_, index) => !this.#answers.has(keys[index]!));
    const fresh = open.length === 0 ? [] : engine.infer(open);
    let next = 0;
    return keys.map((key) => {
      const known = this.#answers.get(key);
      return known === undefined
        ? this.#written(key, fresh[next++]!)
        : Promise.resolve<EngineOutcome>({ kind: 'ok', answer: known });
    });
  }

  async #written(key: string, coming: Promise<EngineOutcome>): Promise<EngineOutcome> {
    const outcome = await coming;
    if (outcome?.kind === 'ok' && typeof outcome.answer?.text === 'string')
      this.#append({ key, answer: outcome.answer });
    return outcome;
  }

  /** Takes no more answers. Throws OUTPUT_UNWRITABLE when one could not be written. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
    if (this.#failure) throw this.#failure;
  }

  #append({ key, answer }: Entry): void {
    this.#write(`${JSON.stringify({ key, answer: { ...answer, text: answer.text.slice(0, MAX_TEXT) } })}\n`);
  }

  /** A full disk costs no answer of this run: it is told of at the end. */
  #write(line: string): void {
    if (this.#closed || this.#failure) return; // an answer may come after the end
    try {
      writeSync(this.#file, line);
    } catch (error) {
      this.#failure = unwritable(this.#path, error);
    }
  }
}

function keyOf({ images, ...words }: EngineRequest): string {
  const digest = createHash('sha256').update(JSON.stringify(words));
  for (const image of images) digest.update(`|${image.byteLength}|`).update(image);
  return digest.digest('hex');
}

function answersOf(text: string): Map<string, EngineAnswer> {
  const answers = new Map<string, EngineAnswer>();
  for (const line of text.split('\n')) {
    const entry = entryOf(line);
    if (entry) answers.set(entry.key, entry.answer);
  }
  return answers;
}

function entryOf(line: string): Entry | null {
  try {
    const { key, answer } = JSON.parse(line) as Entry;
    return typeof key === 'string' && typeof answer.text === 'string' ? { key, answer } : null;
  } catch {
    return null;
  }
}

function unwritable(path: string, error: unknown): AffectError {
  const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path} (${why}); free space or choose another --out`, {
    cause: error,
  });
}
