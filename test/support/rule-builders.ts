import type { LiveEvent } from '../../src/domain/live.js';
import type { FaceRecord } from '../../src/domain/records.js';
import type { Rule, RuleFiring } from '../../src/domain/rules.js';
import { micros, millis } from '../../src/domain/units.js';

/** A rule that logs smiles of a second; any field may be replaced. */
export const ruleOf = (more: Partial<Rule> = {}): Rule => ({
  id: 'smiles',
  cameras: null,
  purpose: 'testing',
  when: { type: 'expression', is: ['happiness'], sure: 0.6 },
  zone: null,
  hours: null,
  forMs: 1_000,
  endAfterMs: 500,
  holdOffMs: 0,
  tellEnd: true,
  actions: [{ type: 'log' }],
  ...more,
});

/** The event of one frame with these records, which name their source. */
export function facesOf(records: readonly FaceRecord[], wallTimeMs: number): LiveEvent {
  const { source, frame, ptsUs } = records[0]!;
  const arrivedAt = millis(0);
  return { type: 'faces', source, frame, ptsUs, widthPx: 640, heightPx: 480, wallTimeMs, arrivedAt, records };
}

/** What a rule tells when it begins at the door; any field may be replaced. */
export const firingOf = (more: Partial<RuleFiring> = {}): RuleFiring => ({
  v: 1,
  id: 'door/smiles/1',
  phase: 'start',
  rule: 'smiles',
  source: 'door',
  purpose: 'testing',
  condition: 'expression',
  track: 1,
  zone: null,
  value: 0.83,
  onsetUs: micros(0),
  firedUs: micros(1_000_000),
  endedUs: null,
  at: '2026-01-15T09:30:01.000Z',
  endReason: null,
  ...more,
});
