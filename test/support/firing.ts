import type { RuleFiring } from '../../src/domain/rules.js';
import { micros } from '../../src/domain/units.js';

/** A rule that began at a door, and goes on. */
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
  value: 0.9,
  onsetUs: micros(1_000_000),
  firedUs: micros(2_000_000),
  endedUs: null,
  at: '2026-01-15T09:30:02.000Z',
  endReason: null,
  ...more,
});
