import type { OwnPrompts } from '../domain/prompt-template.js';
import { readPeopleMap } from '../people/people-map.js';
import { type OutputPlan, planOutputs } from '../recording/output-plan.js';
import { isComplete } from '../recording/what-is-there.js';
import { findInputs } from '../source/find-inputs.js';
import { Batch } from './analyze-batch.js';
import type { AnalyzeFlags } from './analyze-flags.js';
import { analyzeQueue, noteFailure } from './analyze-queue.js';
import { engineOfFlags } from './engine-of-flags.js';
import { checkOut, checkTargets, checkTogether, readingOf } from './read-analyze-flags.js';
import { runTold, type Told } from './run-told.js';

/** Analyses all that the patterns name, `--jobs` videos at once; returns the exit code of the first that failed. */
export function analyzeAll(patterns: readonly string[], flags: AnalyzeFlags): Promise<number> {
  return runTold(flags, (told) => analyzeTold(patterns, flags, told));
}

/** Resolves to the first thing that did not succeed. */
async function analyzeTold(patterns: readonly string[], flags: AnalyzeFlags, told: Told): Promise<unknown> {
  const { log, reporter, tally, stopper } = told;
  checkTogether(flags);
  checkOut(flags.out);
  const reading = await readingOf(flags);
  const peopleMap = flags.people === undefined ? null : readPeopleMap(flags.people);
  const mllmEngine = await engineOfFlags(flags);
  const prompts = await promptsNamed(flags);
  const { paths, problems } = await findInputs(patterns, { recursive: flags.recursive });
  const plans = planOutputs(paths, flags.out);
  tally.videos = plans.length;
  checkTargets(flags, plans);
  // What is wrong for all ends those that are being analysed at the same time, too.
  const hopeless = new AbortController();
  const signal = AbortSignal.any([stopper.signal, hopeless.signal]);
  const noted = { tally, log };
  for (const error of problems) {
    reporter.failed({ plan: null, error });
    noteFailure(null, error, noted);
  }
  const batch = new Batch({ flags, reading, peopleMap, mllmEngine, prompts, signal, log });
  const isDone = (plan: OutputPlan): boolean => flags.resume && isComplete(plan);
  try {
    const giveUp = (error: unknown): void => hopeless.abort(error);
    await analyzeQueue(plans, { batch, jobs: flags.jobs, signal, giveUp, reporter, isDone, ...noted });
    batch.writeStats();
  } finally {
    await mllmEngine?.close();
    await batch.close();
  }
  // Stopped between two videos, none of them has failed.
  return tally.failures[0]?.error ?? (tally.done < plans.length ? stopper.signal.reason : undefined);
}

/** Prompts of the file that flags name. Throws CONFIG_INVALID. */
async function promptsNamed({ mllmPrompts }: AnalyzeFlags): Promise<OwnPrompts> {
  if (mllmPrompts === undefined) return {};
  const { loadPrompts } = await import('../config/read-prompts.js');
  return loadPrompts(mllmPrompts);
}
