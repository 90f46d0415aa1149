import { existsSync } from 'node:fs';
import { type FileHandle, open, truncate } from 'node:fs/promises';
import { z } from 'zod';
import { AffectError, errorWords } from '../../domain/errors.js';
import type { EngineAnswer, EngineOutcome } from '../../domain/insight.js';
import { MAX_ANSWER_CHARS } from '../../mllm/parse/bounds.js';
import { fileLines } from './file-lines.js';

const SCHEMA = 'mien-answers/1';

/** What must be the same for a run to go on from another's answers. */
export interface JournalRun {
  readonly benchmark: string;
  readonly model: string;
}

const headerSchema = z.object({ schema: z.literal(SCHEMA), benchmark: z.string(), model: z.string() });
const lineSchema = z.object({
  key: z.string(),
  promptId: z.string(),
  fingerprint: z.string(),
  answer: z
    .object({
      text: z.string(),
      labelProbabilities: z.record(z.string(), z.number()).nullable(),
      promptTokens: z.number().nullable(),
      completionTokens: z.number().nullable(),
      truncated: z.boolean(),
    })
    .nullable(),
  failure: z.object({ reason: z.string(), message: z.string() }).nullable(),
});

/** One asked question. */
export interface JournalEntry {
  /** Part, number and step of the item. */
  readonly key: string;
  readonly promptId: string;
  /** Changes with the question's words and with how its picture was made. */
  readonly fingerprint: string;
  readonly outcome: EngineOutcome;
}

/** DIR/answers.jsonl: every question asked, as soon as it was answered, so that a run that ends early can go on. */
export class AnswerJournal {
  #tail: Promise<void> = Promise.resolve();
  #failure: AffectError | null = null;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly answers: Map<string, { readonly fingerprint: string; readonly answer: EngineAnswer }>,
  ) {}

  /**
   * Opens it, with the answers it holds. A line cut off by a crash at its end is removed. Rejects with CONFIG_INVALID when it is of
   * another benchmark or model, INPUT_DAMAGED when a line is not one of ours, OUTPUT_UNWRITABLE.
   */
  static async open(path: string, run: JournalRun): Promise<AnswerJournal> {
    const answers = existsSync(path) ? await readAnswers(path, run) : null;
    const file = await open(path, 'a').catch((error: unknown) => {
      throw unwritable(path, error);
    });
    const journal = new AnswerJournal(path, file, answers ?? new Map());
    if (answers === null) await journal.#write({ schema: SCHEMA, benchmark: run.benchmark, model: run.model });
    return journal;
  }

  /** The answer to the very same question, if it was given; a question that failed is asked again. */
  answerTo(key: string, fingerprint: string): EngineAnswer | undefined {
    const stored = this.answers.get(key);
    return stored?.fingerprint === fingerprint ? stored.answer : undefined;
  }

  /** Appends one line. Rejects with OUTPUT_UNWRITABLE. */
  async add({ key, promptId, fingerprint, outcome }: JournalEntry): Promise<void> {
    const answer = outcome.kind === 'ok' ? outcome.answer : null;
    const failure = outcome.kind === 'failed' ? { reason: outcome.reason, message: outcome.message } : null;
    await this.#write({ key, promptId, fingerprint, answer, failure });
    if (answer) this.answers.set(key, { fingerprint, answer });
  }

  /** Resolves when all lines are on disk. */
  async close(): Promise<void> {
    await this.#tail;
    await this.file.close();
  }

  #write(value: unknown): Promise<void> {
    const written = this.#tail.then(async () => {
      if (this.#failure) throw this.#failure;
      await this.file.appendFile(`${JSON.stringify(value)}\n`).catch((error: unknown) => {
        this.#failure = unwritable(this.path, error);
        throw this.#failure;
      });
    });
    // Whoever added the line hears of the failure; the next in the queue only has to wait.
    this.#tail = written.catch(() => undefined);
    return written;
  }
}

/** An answer as it is kept and scored: what is longer than parsers read is cut off. */
export function boundedAnswer(answer: EngineAnswer): EngineAnswer {
  return answer.text.length <= MAX_ANSWER_CHARS
    ? answer
    : { ...answer, text: answer.text.slice(0, MAX_ANSWER_CHARS), truncated: true };
}

async function readAnswers(
  path: string,
  run: JournalRun,
): Promise<Map<string, { fingerprint: string; answer: EngineAnswer }> | null> {
  const answers = new Map<string, { fingerprint: string; answer: EngineAnswer }>();
  let wholeBytes = 0;
  for await (const { number, text, whole, endByte } of fileLines(path)) {
    if (!whole) break; // a crash while it was written
    const value = parsedLine(text);
    const line = number === 1 ? checkHeader(value, path, run) : lineSchema.safeParse(value).data;
    if (line === undefined)
      throw new AffectError(
        'INPUT_DAMAGED',
        `${path}, line ${number} is not an answer; remove the file or choose another --out`,
      );
    wholeBytes = endByte;
    if (line?.answer) answers.set(line.key, { fingerprint: line.fingerprint, answer: line.answer });
  }
  await truncate(path, wholeBytes).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  return wholeBytes === 0 ? null : answers;
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // no answer: the caller names the line
  }
}

function checkHeader(value: unknown, path: string, run: JournalRun): null {
  const header = headerSchema.safeParse(value);
  if (!header.success) throw new AffectError('INPUT_DAMAGED', `${path} is not a file of answers; choose another --out`);
  const { benchmark, model } = header.data;
  if (benchmark !== run.benchmark || model !== run.model)
    throw new AffectError(
      'CONFIG_INVALID',
      `${path} holds answers of ${model} to ${benchmark}, not of ${run.model} to ${run.benchmark}; choose another --out`,
    );
  return null;
}

function unwritable(path: string, error: unknown): AffectError {
  return new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path}: ${errorWords(error)}; choose another --out`, {
    cause: error,
  });
}
