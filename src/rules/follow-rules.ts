import { Observable, type OperatorFunction } from 'rxjs';
import type { LiveEvent } from '../domain/live.js';
import type { Rule, RuleFiring } from '../domain/rules.js';
import { recordJson } from '../record/record-json.js';
import type { Clock } from '../rx/clock.js';
import { RuleEvaluator } from './rule-evaluator.js';

interface FollowOptions {
  readonly rules: readonly Rule[];
  readonly clock: Pick<Clock, 'wallTimeMs' | 'after'>;
  /** Stands before the ordinal of each firing, where several processes fire the same rules. @default '' */
  readonly run?: string;
  /** A fault in a rule: what it would have told is lost, and nothing else. */
  readonly onError: (error: unknown) => void;
}

/** Every event as it comes, and after it what rules fire on it; firings that only time brings come by themselves. */
export function followRules({
  rules,
  clock,
  run = '',
  onError,
}: FollowOptions): OperatorFunction<LiveEvent, LiveEvent> {
  return (events) =>
    new Observable((subscriber) => {
      const evaluator = new RuleEvaluator(rules, run);
      let cancel: () => void = () => undefined;
      const tell = (evaluate: () => RuleFiring[]): void => {
        let firings: RuleFiring[] = [];
        try {
          firings = evaluate();
        } catch (error) {
          onError(error);
        }
        for (const firing of firings) {
          subscriber.next({ type: 'rule', source: firing.source, firing, wallTimeMs: clock.wallTimeMs() });
        }
      };
      const wait = (): void => {
        cancel();
        const { dueMs } = evaluator;
        if (dueMs === null) return;
        cancel = clock.after(Math.max(0, dueMs - clock.wallTimeMs()), () => {
          tell(() => evaluator.time(clock.wallTimeMs()));
          wait();
        });
      };
      subscriber.add(() => cancel());
      subscriber.add(
        events.subscribe({
          next: (event) => {
            subscriber.next(event);
            tell(() => firingsOf(evaluator, event, clock.wallTimeMs()));
            if (event.type === 'state' || event.type === 'removed') wait();
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}

function firingsOf(evaluator: RuleEvaluator, event: LiveEvent, wallTimeMs: number): RuleFiring[] {
  switch (event.type) {
    case 'faces': {
      const { source, ptsUs, records } = event;
      return evaluator.frame({ source, ptsUs, wallTimeMs: event.wallTimeMs, faces: records.map(recordJson) });
    }
    case 'state':
      return evaluator.state(event.state, wallTimeMs);
    case 'silent':
      return evaluator.silent(event.source);
    case 'removed':
      return evaluator.removed(event.source);
    case 'episode':
    case 'insight':
    case 'writing':
    case 'rule':
      return [];
  }
}
