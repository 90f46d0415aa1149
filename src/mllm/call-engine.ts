import type { EngineCall, EngineOutcome, EngineRequest, MllmEngine } from '../domain/insight.js';
import type { Clock } from '../rx/clock.js';

type Failed = Extract<EngineOutcome, { kind: 'failed' }>;

const failed = (reason: Failed['reason'], message: string, retryable: boolean): Failed => ({
  kind: 'failed',
  reason,
  message,
  retryable,
});

/** A question, and how long its answer is waited for. */
export interface TimedRequest extends Pick<EngineCall, 'onText' | 'face'> {
  readonly request: EngineRequest;
  readonly deadlineMs: number;
  /** Gives up this question alone. Default: nothing does. */
  readonly givenUp?: AbortSignal;
}

/**
 * Asks an engine that may be dead, slow or hostile. One promise per question, in order; each always resolves by itself,
 * at the latest at its deadline, whatever becomes of the others. A question that overran is cancelled and not waited
 * for; what the engine says of it later is ignored. Throws, rejections and answers of another form become outcomes.
 */
export function callEngine(
  engine: Pick<MllmEngine, 'infer' | 'id'>,
  questions: readonly TimedRequest[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<EngineOutcome>[] {
  const controllers = questions.map(() => new AbortController());
  const settled = questions.map(() => false);
  const calls = questions.map(({ request, onText, face }, index): EngineCall => {
    const tell = (soFar: string): void => {
      if (!settled[index] && typeof soFar === 'string') onText?.(soFar);
    };
    const { signal } = controllers[index]!;
    return { request, signal, ...(onText ? { onText: tell } : {}), ...(face ? { face } : {}) };
  });
  const answers = signal.aborted ? [] : inferred(engine, calls);
  return questions.map(
    ({ deadlineMs, givenUp }, index) =>
      new Promise<EngineOutcome>((resolve) => {
        const settle = (outcome: EngineOutcome): void => {
          settled[index] = true;
          cancelTimer();
          signal.removeEventListener('abort', onAbort);
          givenUp?.removeEventListener('abort', onGivenUp);
          resolve(outcome);
        };
        const giveUp = (outcome: Failed): void => {
          controllers[index]!.abort();
          settle(outcome);
        };
        const onAbort = (): void => giveUp(failed('cancelled', 'the stage is closing', false));
        const onGivenUp = (): void => giveUp(failed('cancelled', 'its answer is not waited for any more', false));
        const cancelTimer = clock.after(deadlineMs, () =>
          giveUp(failed('timeout', `${engine.id} gave no answer within ${Math.round(deadlineMs)} ms`, true)),
        );
        if (signal.aborted) return onAbort();
        if (givenUp?.aborted) return onGivenUp();
        signal.addEventListener('abort', onAbort);
        givenUp?.addEventListener('abort', onGivenUp);
        Promise.resolve(answers[index]).then(
          (outcome) => settle(checked(engine.id, outcome)),
          () => settle(failed('malformed', `${engine.id} broke its contract: an outcome was rejected`, false)),
        );
      }),
  );
}

/** What an engine gives for each call; nothing when it throws or gives no list. */
function inferred(
  engine: Pick<MllmEngine, 'infer'>,
  calls: Parameters<MllmEngine['infer']>[0],
): readonly Promise<EngineOutcome>[] {
  try {
    const answers = engine.infer(calls);
    return Array.isArray(answers) ? answers : [];
  } catch {
    return [];
  }
}

/** An outcome of the right form, or what was wrong with it. */
function checked(engine: string, outcome: EngineOutcome | undefined): EngineOutcome {
  if (outcome?.kind === 'failed' && typeof outcome.reason === 'string') return outcome;
  if (outcome?.kind === 'ok' && typeof outcome.answer?.text === 'string') return outcome;
  return failed('malformed', `${engine} broke its contract: a request has no outcome`, false);
}
