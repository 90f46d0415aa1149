import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineCall, EngineOutcome, EngineRequest, MllmEngine } from '../../../src/domain/insight.js';
import { AnswerJournal } from '../../../src/recording/answer-journal.js';
import { said } from '../../support/mllm-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const { signal } = new AbortController();
const infer = (
  journal: AnswerJournal,
  engine: Pick<MllmEngine, 'infer'>,
  requests: readonly EngineRequest[],
): Promise<EngineOutcome[]> =>
  Promise.all(
    journal.infer(
      engine,
      requests.map((request) => ({ request, signal })),
    ),
  );
const question = (user: string, picture = 1): EngineRequest => ({
  task: 'describe',
  promptId: 'feallm-describe@1',
  system: null,
  user,
  images: [Uint8Array.of(picture)],
  evidence: null,
  examples: [],
  form: { kind: 'words' },
  labels: null,
  prefill: null,
  maxTokens: 64,
});
const failed: EngineOutcome = { kind: 'failed', reason: 'refused', message: 'no', retryable: false };

/** An engine that repeats the question, and counts. */
function echo(answer: (user: string) => EngineOutcome = (user) => said(user)) {
  const asked: string[] = [];
  return {
    asked,
    infer: (calls: readonly EngineCall[]) => {
      asked.push(...calls.map(({ request }) => request.user));
      return calls.map(async ({ request }) => answer(request.user));
    },
  };
}
const texts = (outcomes: readonly EngineOutcome[]) =>
  outcomes.map((outcome) => (outcome.kind === 'ok' ? outcome.answer.text : outcome.reason));

describe('AnswerJournal', () => {
  it('asks a resumed run’s engine only what has no answer, in the order of the requests', async () => {
    const path = join(folder(), 'a.answers');
    const first = AnswerJournal.open(path, { keep: false });
    const partly = echo((user) => (user === 'b' ? failed : said(user)));
    expect(texts(await infer(first, partly, [question('a'), question('b'), question('c')]))).toEqual([
      'a',
      'refused',
      'c',
    ]);
    first.close();
    appendFileSync(path, '{"key":"torn'); // by a crash

    const second = AnswerJournal.open(path, { keep: true });
    const engine = echo((user) => said(user.toUpperCase()));
    const all = [question('d'), question('c'), question('b'), question('a'), question('a', 2)];
    expect(texts(await infer(second, engine, all))).toEqual(['D', 'c', 'B', 'a', 'A']);
    expect(engine.asked).toEqual(['d', 'b', 'a']); // the last is another picture
    second.close();

    const third = AnswerJournal.open(path, { keep: true });
    const nobody = echo();
    expect(texts(await infer(third, nobody, all))).toEqual(['D', 'c', 'B', 'a', 'A']);
    expect(nobody.asked).toEqual([]);
    third.close();
  });

  it('forgets without keep, and is readable by its owner only', async () => {
    const path = join(folder(), 'a.answers');
    const first = AnswerJournal.open(path, { keep: false });
    await infer(first, echo(), [question('a')]);
    first.close();
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    const engine = echo();
    const second = AnswerJournal.open(path, { keep: false });
    await infer(second, engine, [question('a')]);
    expect(engine.asked).toEqual(['a']);
    second.close();
  });

  it('keeps no more of an answer than is read, and nothing after its end', async () => {
    const path = join(folder(), 'a.answers');
    const journal = AnswerJournal.open(path, { keep: false });
    await infer(
      journal,
      echo(() => said('x'.repeat(5e6))),
      [question('a')],
    );
    journal.close();
    const { length } = readFileSync(path);
    expect(length).toBeLessThan(70_000);
    expect(texts(await infer(journal, echo(), [question('late')]))).toEqual(['late']);
    expect(readFileSync(path)).toHaveLength(length);
  });

  it('gives each answer when it comes, the known ones at once, though another never does', async () => {
    const path = join(folder(), 'a.answers');
    const before = AnswerJournal.open(path, { keep: false });
    await infer(before, echo(), [question('known')]);
    before.close();
    const journal = AnswerJournal.open(path, { keep: true });
    const silent = new Promise<EngineOutcome>(() => undefined);
    const outcomes = journal.infer(
      { infer: (calls) => calls.map(({ request }) => (request.user === 'b' ? silent : Promise.resolve(said('c')))) },
      [question('b'), question('known'), question('c')].map((request) => ({ request, signal })),
    );
    expect(texts(await Promise.all(outcomes.slice(1)))).toEqual(['known', 'c']);
    expect(readFileSync(path, 'utf8').match(/^\{/gm)).toHaveLength(2);
    journal.close();
  });

  it('names a file that cannot be written', () => {
    const path = join(folder(), 'nowhere', 'a.answers');
    expect(() => AnswerJournal.open(path, { keep: false })).toThrow(
      expect.objectContaining({ code: 'OUTPUT_UNWRITABLE', message: expect.stringContaining(path) }),
    );
  });
});
