import type { LiveEvent } from '../../src/domain/live.js';
import type { FaceRecord } from '../../src/domain/records.js';
import type { Rule } from '../../src/domain/rules.js';
import { millis } from '../../src/domain/units.js';

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
