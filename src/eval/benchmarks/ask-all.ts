import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { AffectError } from '../../domain/errors.js';
import type { EngineAnswer, EngineOutcome, EngineRequest, MllmEngine } from '../../domain/insight.js';
import type { BenchmarkItem } from './items.js';
import { type AnswerJournal, boundedAnswer } from './journal.js';

/** A question without its picture. */
export type Question = Omit<EngineRequest, 'images'>;

/** What came of one item: an answer to each of its questions, or how the one that failed did. */
export type Dialogue =
  | { readonly kind: 'answered'; readonly answers: readonly EngineAnswer[] }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

export interface AskAllOptions<Item extends BenchmarkItem> {
  readonly items: readonly Item[];
  /** The next question, given the answers so far; null when all are asked. */
  readonly question: (item: Item, answers: readonly EngineAnswer[]) => Promise<Question | null>;
  /** JPEG for the engine. */
  readonly picture: (item: Item) => Promise<Uint8Array>;
  /** How pictures are made ("224x224"); part of what makes a question the same. */
  readonly pictures: string;
  readonly engine: MllmEngine;
  /** Calls under way at once. */
  readonly concurrency: number;
  /** Items in one call of the engine. */
  readonly batch: number;
  readonly journal: AnswerJournal;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number, failed: number) => void;
}

/** Requests that fail in a row before the run gives up, at least; calls under way at once may all fail of one cause. */
const GIVE_UP_AFTER = 32;
const GIVE_UP_AFTER_ROUNDS = 4;

/**
 * Asks about every item, and gives what came of each, in their order. Questions the journal has an answer to are not asked. The
 * engine alone retries; what failed is a value. Rejects with INTERRUPTED when the signal aborts, SERVER_UNREACHABLE when 32
 * requests in a row failed (more at a higher concurrency), and with what pictures and the journal raise; every answer until then is in the journal.
 */
export async function askAll<Item extends BenchmarkItem>(options: AskAllOptions<Item>): Promise<readonly Dialogue[]> {
  const { items, engine, concurrency, batch } = options;
  const dialogues: (Dialogue | undefined)[] = new Array(items.length).fill(undefined);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  setMaxListeners(0, signal); // one per question under way
  let next = 0;
  let done = 0;
  let failed = 0;
  let inARow = 0;
  const giveUpAfter = Math.max(GIVE_UP_AFTER, GIVE_UP_AFTER_ROUNDS * concurrency * batch);

  const judge = (outcome: EngineOutcome): void => {
    inARow = outcome.kind === 'failed' ? inARow + 1 : 0;
    if (outcome.kind === 'failed' && inARow >= giveUpAfter)
      throw new AffectError(
        'SERVER_UNREACHABLE',
        `${inARow} requests in a row failed, the last because ${outcome.message}; ${done} of ${items.length} items are done, --resume goes on`,
      );
  };

  const worker = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const start = next;
      next = Math.min(items.length, start + batch);
      const group = items.slice(start, next).map((item) => new Talk(item, options));
      while (!signal.aborted) {
        await Promise.all(group.map((talk) => talk.prepare()));
        const pending = group.filter(({ pending }) => pending !== null);
        if (pending.length === 0) break;
        const outcomes = await Promise.all(
          engine.infer(pending.map((talk) => ({ request: talk.pending!.request, signal }))),
        );
        for (const [index, talk] of pending.entries()) {
          const outcome = outcomes[index]!;
          if (signal.aborted && outcome.kind === 'failed') continue; // our doing: asked again when the run goes on
          await talk.take(outcome);
          judge(outcome);
        }
      }
      if (signal.aborted) return;
      for (const [index, { dialogue }] of group.entries()) {
        dialogues[start + index] = dialogue!;
        done += 1;
        if (dialogue!.kind === 'failed') failed += 1;
      }
      options.onProgress?.(done, items.length, failed);
    }
  };

  let broken: { readonly error: unknown } | null = null;
  const workers = Array.from({ length: concurrency }, () =>
    worker().catch((error: unknown) => {
      broken ??= { error };
      stop.abort(); // the other workers end after what they are doing
    }),
  );
  await Promise.all(workers);
  if (broken !== null) throw (broken as { readonly error: unknown }).error;
  if (dialogues.includes(undefined))
    throw new AffectError(
      'INTERRUPTED',
      `stopped after ${done} of ${items.length} items; the answers are kept, and the same command with --resume goes on`,
    );
  return dialogues as Dialogue[];
}

/** The questions and answers about one item. */
class Talk<Item extends BenchmarkItem> {
  pending: { readonly request: EngineRequest; readonly key: string; readonly fingerprint: string } | null = null;
  dialogue: Dialogue | null = null;
  readonly #answers: EngineAnswer[] = [];
  #picture: Uint8Array | null = null;

  constructor(
    private readonly item: Item,
    private readonly options: AskAllOptions<Item>,
  ) {}

  /** Goes on as far as the journal knows; then `pending` is the next request, or null with `dialogue` set. */
  async prepare(): Promise<void> {
    this.pending = null;
    const { item, options } = this;
    while (this.dialogue === null) {
      const question = await options.question(item, this.#answers);
      if (question === null) {
        this.dialogue = { kind: 'answered', answers: this.#answers };
        this.#picture = null;
        return;
      }
      const key = `${item.part}/${item.number}/${this.#answers.length + 1}`;
      const fingerprint = fingerprintOf(question, item.image, options.pictures);
      const known = options.journal.answerTo(key, fingerprint);
      if (known === undefined) {
        this.#picture ??= await options.picture(item);
        this.pending = { request: { ...question, images: [this.#picture] }, key, fingerprint };
        return;
      }
      this.#answers.push(known);
    }
  }

  /** Writes what came of `pending` down. */
  async take(outcome: EngineOutcome): Promise<void> {
    const { request, key, fingerprint } = this.pending!;
    const kept: EngineOutcome = outcome.kind === 'ok' ? { kind: 'ok', answer: boundedAnswer(outcome.answer) } : outcome;
    await this.options.journal.add({ key, promptId: request.promptId, fingerprint, outcome: kept });
    if (kept.kind === 'ok') this.#answers.push(kept.answer);
    else this.dialogue = { kind: 'failed', reason: kept.reason, message: kept.message };
  }
}

function fingerprintOf(question: Question, image: string, pictures: string): string {
  return createHash('sha256')
    .update(JSON.stringify([question, image, pictures]))
    .digest('hex')
    .slice(0, 16);
}
