import type { EngineOutcome, EngineRequest, MllmEngine } from '../domain/insight.js';
import type { Clock } from '../rx/clock.js';

type Failed = Extract<EngineOutcome, { kind: 'failed' }>;

const failed = (reason: Failed['reason'], message: string, retryable: boolean): Failed => ({
  kind: 'failed',
  reason,
  message,
  retryable,
});

/**
 * Asks an engine that may be dead, slow or hostile: always resolves, at the latest `deadlineMs` after the call, with
 * exactly one outcome per request. An engine that overran is told to stop and not waited for; what it says later is
 * ignored. Throws, rejections and answers of another form become outcomes.
 */
export async function callEngine(
  engine: Pick<MllmEngine, 'infer' | 'id'>,
  requests: readonly EngineRequest[],
  call: { readonly deadlineMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly EngineOutcome[]> {
  const controller = new AbortController();
  const every = (outcome: Failed): readonly EngineOutcome[] => requests.map(() => outcome);
  if (call.signal.aborted) return every(failed('cancelled', 'the stage is closing', false));
  return new Promise((resolve) => {
    const settle = (outcomes: readonly EngineOutcome[]): void => {
      cancelTimer();
      call.signal.removeEventListener('abort', onAbort);
      resolve(outcomes);
    };
    const onAbort = (): void => {
      controller.abort();
      settle(every(failed('cancelled', 'the stage is closing', false)));
    };
    const cancelTimer = call.clock.after(call.deadlineMs, () => {
      controller.abort();
      settle(every(failed('timeout', `${engine.id} gave no answer within ${Math.round(call.deadlineMs)} ms`, true)));
    });
    call.signal.addEventListener('abort', onAbort);
    const answer = async (): Promise<readonly EngineOutcome[]> => engine.infer(requests, controller.signal);
    answer().then(
      (outcomes) => settle(requests.map((_, index) => checked(engine.id, outcomes?.[index]))),
      () => settle(every(failed('malformed', `${engine.id} broke its contract: infer() rejected`, false))),
    );
  });
}

/** An outcome of the right form, or what was wrong with it. */
function checked(engine: string, outcome: EngineOutcome | undefined): EngineOutcome {
  if (outcome?.kind === 'failed' && typeof outcome.reason === 'string') return outcome;
  if (outcome?.kind === 'ok' && typeof outcome.answer?.text === 'string') return outcome;
  return failed('malformed', `${engine} broke its contract: a request has no outcome`, false);
}
