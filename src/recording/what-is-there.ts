import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputPlan } from './output-plan.js';

/** Where a run that has not ended keeps what it has computed. */
export const journalOf = ({ dir, name }: OutputPlan): string => join(dir, `${name}.journal`);

/** True when this input was already analysed to its end with these outputs; a resumed batch skips it. */
export function isComplete(plan: OutputPlan): boolean {
  return existsSync(join(plan.dir, `${plan.name}.manifest.json`)) && !hasJournal(plan);
}

/** True when an analysis of this input did not end, and can be resumed. */
export const hasJournal = (plan: OutputPlan): boolean => existsSync(journalOf(plan));
