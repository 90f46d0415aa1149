/** A circuit breaker (Nygard, Release It!, 2007): a dead server is not asked, but for one trial now and then. */
export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** First time it stays open; doubles with every failed trial, up to the longest. */
  readonly openMs: number;
  readonly longestOpenMs: number;
}

export const CIRCUIT_DEFAULTS: CircuitOptions = { failures: 4, openMs: 2000, longestOpenMs: 15_000 };

export type Circuit =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly untilMs: number; readonly openMs: number }
  /** One trial is under way. */
  | { readonly kind: 'half-open'; readonly openMs: number };

export const CLOSED: Circuit = { kind: 'closed', failures: 0 };

/** Whether a request may go now. */
export function mayAsk(circuit: Circuit, nowMs: number): boolean {
  return circuit.kind === 'closed' || (circuit.kind === 'open' && nowMs >= circuit.untilMs);
}

/** The circuit once a request has gone: an open one turns half-open. */
export function onAsk(circuit: Circuit): Circuit {
  return circuit.kind === 'open' ? { kind: 'half-open', openMs: circuit.openMs } : circuit;
}

export function onSuccess(): Circuit {
  return CLOSED;
}

/** A trial that told nothing (cancelled): the next request is the trial. */
export function onNothing(circuit: Circuit, nowMs: number): Circuit {
  return circuit.kind === 'half-open' ? { kind: 'open', untilMs: nowMs, openMs: circuit.openMs } : circuit;
}

/** @param spread - 0..1, drawn at random: lengthens the time by up to a fifth, so that clients do not come back together */
export function onFailure(
  circuit: Circuit,
  options: CircuitOptions,
  at: { readonly nowMs: number; readonly spread: number },
): Circuit {
  const open = (openMs: number): Circuit => ({
    kind: 'open',
    openMs,
    untilMs: at.nowMs + openMs * (1 + 0.2 * at.spread),
  });
  if (circuit.kind === 'half-open') return open(Math.min(options.longestOpenMs, circuit.openMs * 2));
  if (circuit.kind === 'open') return circuit; // a request from before it opened
  return circuit.failures + 1 >= options.failures
    ? open(options.openMs)
    : { kind: 'closed', failures: circuit.failures + 1 };
}
