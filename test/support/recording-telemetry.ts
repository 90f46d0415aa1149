import type { Telemetry } from '../../src/domain/telemetry.js';

/** Counts every call, as "method argument argument"; numbers that vary are left out. */
export interface RecordingTelemetry extends Telemetry {
  readonly counts: ReadonlyMap<string, number>;
  readonly deliveryMs: readonly number[];
  /** Resolves when a count has reached `least`. */
  reached(name: string, least?: number): Promise<void>;
}

export function recordingTelemetry(): RecordingTelemetry {
  const counts = new Map<string, number>();
  const deliveryMs: number[] = [];
  const waiting = new Set<() => void>();
  const count = (...words: (string | number)[]): void => {
    const name = words.join(' ');
    counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const look of [...waiting]) look();
  };
  return {
    counts,
    deliveryMs,
    reached: (name, least = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          if ((counts.get(name) ?? 0) < least) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    framesArrived: (source) => count('framesArrived', source),
    frameDropped: (source, reason) => count('frameDropped', source, reason),
    frameAnalysed: (source) => count('frameAnalysed', source),
    stageDuration: (stage) => count('stageDuration', stage),
    cameraStatus: (source, status) => count('cameraStatus', source, status),
    cameraDecoder: (source, decoder) => count('cameraDecoder', source, decoder ?? 'null'),
    reduction: () => count('reduction', ''),
    cameraBehind: (source) => count('cameraBehind', source),
    decodeError: (source) => count('decodeError', source),
    cameraEnded: (source, reason) => count('cameraEnded', source, reason),
    cameraRemoved: (source) => count('cameraRemoved', source),
    episode: (source, kind, phase) => count('episode', source, kind, phase),
    mllmAsked: () => count('mllmAsked'),
    mllmAnswered: ({ engine }) => count('mllmAnswered', engine),
    mllmQueue: (waiting) => count('mllmQueue', waiting),
    mllmSkipped: (reason) => count('mllmSkipped', reason),
    mllmDropped: (reason) => count('mllmDropped', reason),
    mllmClaims: () => count('mllmClaims'),
    mllmFused: (outcome) => count('mllmFused', outcome),
    wordsAsked: () => count('wordsAsked'),
    wordsAnswered: (_, outcome) => count('wordsAnswered', outcome),
    wordsLoad: () => count('wordsLoad'),
    rule: (source, rule, phase) => count('rule', source, rule, phase),
    notified: (target, outcome) => count('notified', target, outcome),
    brokerConnected: (target, connected) => count('brokerConnected', target, String(connected)),
    notifyQueue: (target) => count('notifyQueue', target),
    keepState: (state) => count('keepState', state.status === 'stopped' ? state.reason : state.status),
    keptTotals: () => count('keptTotals'),
    keepDropped: (source, reason) => count('keepDropped', source, reason),
    keptPicture: (source, kind, outcome) => count('keptPicture', source, kind, outcome),
    messageSent: (kind) => count('messageSent', kind),
    messageDropped: (kind, reason) => count('messageDropped', kind, reason),
    clientConnected: () => count('clientConnected'),
    clientLeft: (reason) => count('clientLeft', reason),
    deliveryLatency: (ms) => {
      if (deliveryMs.length < 100_000) deliveryMs.push(ms);
    },
    httpRequest: (route, status) => count('httpRequest', route, status),
    refused: (reason) => count('refused', reason),
  };
}
