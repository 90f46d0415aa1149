import { loadPrompts } from '../config/read-prompts.js';
import { AffectError, type ErrorCode } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import { readPeopleMap } from '../people/people-map.js';
import { isComplete } from '../recording/analyze-video.js';
import { type OutputPlan, planOutputs } from '../recording/output-plan.js';
import { findInputs } from '../source/find-inputs.js';
import { Batch } from './analyze-batch.js';
import type { AnalyzeFlags } from './analyze-flags.js';
import { type AnalyzeReporter, analyzeReporter } from './analyze-reporter.js';
import type { Failure } from './batch-lines.js';
import { errorText, failureOf } from './describe-error.js';
import { engineOfFlags } from './engine-of-flags.js';
import { checkOut, checkTargets, checkTogether, readingOf } from './read-analyze-flags.js';
import { type Stopper, whileStoppable } from './stop-on-signals.js';
import { withLog } from './with-log.js';
import { workInTurn } from './work-in-turn.js';

/** What is wrong for one video is then wrong for all. */
const WRONG_FOR_ALL: ReadonlySet<ErrorCode> = new Set([
  'FFMPEG_MISSING',
  'MODEL_INVALID',
  'LANE_DIED',
  'CONFIG_INVALID',
  'SERVER_UNREACHABLE',
]);

interface OpenTally {
  videos: number;
  done: number;
  readonly failures: Failure[];
}

/** How the command tells what it does, and is told to stop. */
interface Told {
  readonly log: Logger;
  readonly reporter: AnalyzeReporter;
  /** Filled as it goes, so that it can be told whatever happens. */
  readonly tally: OpenTally;
  readonly stopper: Stopper;
}

/** Analyses all that the patterns name, `--jobs` videos at once; returns the exit code of the first that failed. */
export function analyzeAll(patterns: readonly string[], flags: AnalyzeFlags): Promise<number> {
  return withLog(flags, async (log) => {
    const tally: OpenTally = { videos: 0, done: 0, failures: [] };
    const reporter = analyzeReporter(flags, (line) => process.stdout.write(`${line}\n`));
    try {
      const why = await whileStoppable((stopper) => analyzeTold(patterns, flags, { log, reporter, tally, stopper }), {
        say: log.error,
      });
      reporter.end(tally, why);
      return why === undefined ? 0 : failureOf(why).exitCode;
    } catch (error) {
      reporter.end(tally, error);
      throw error;
    }
  });
}

/** Resolves to the first thing that did not succeed. */
async function analyzeTold(patterns: readonly string[], flags: AnalyzeFlags, told: Told): Promise<unknown> {
  const { log, reporter, tally, stopper } = told;
  checkTogether(flags);
  checkOut(flags.out);
  const reading = readingOf(flags);
  const peopleMap = flags.people === undefined ? null : readPeopleMap(flags.people);
  const mllmEngine = engineOfFlags(flags);
  const prompts = flags.mllmPrompts === undefined ? {} : await loadPrompts(flags.mllmPrompts);
  const { paths, problems } = await findInputs(patterns, { recursive: flags.recursive });
  const plans = planOutputs(paths, flags.out);
  tally.videos = plans.length;
  checkTargets(flags, plans);
  // What is wrong for all ends those that are being analysed at the same time, too.
  const hopeless = new AbortController();
  const signal = AbortSignal.any([stopper.signal, hopeless.signal]);
  const fail = (plan: OutputPlan | null, error: unknown): void => {
    tally.failures.push({ plan, error });
    log.error(errorText(error), { ...failureOf(error), ...(plan && { video: plan.name }) });
  };
  for (const error of problems) {
    reporter.failed({ plan: null, error });
    fail(null, error);
  }
  const batch = new Batch({ flags, reading, peopleMap, mllmEngine, prompts, signal, log });
  const isDone = (plan: OutputPlan): boolean => flags.resume && isComplete(plan);
  const prepare = (plan: OutputPlan): void => {
    if (!isDone(plan)) batch.prepare(plan);
  };
  const analyze = async (plan: OutputPlan, label: string, onRead: () => void): Promise<void> => {
    if (isDone(plan)) {
      reporter.doneBefore(label, plan);
      tally.done++;
      return;
    }
    prepare(plan);
    await batch.begin();
    try {
      const video = await batch.analyze(label, plan, onRead);
      reporter.finished(video);
      const { problem } = video.event;
      if (problem) fail(plan, problem);
      else tally.done++;
    } catch (error) {
      reporter.failed({ plan, error });
      if (!(error instanceof AffectError && WRONG_FOR_ALL.has(error.code))) fail(plan, error);
      else {
        tally.failures.push({ plan, error });
        throw error;
      }
    }
  };
  const work = (plan: OutputPlan, index: number, onRead: () => void): Promise<void> =>
    analyze(plan, plans.length > 1 ? `[${index + 1}/${plans.length}] ${plan.name}` : plan.name, onRead).catch(
      (error: unknown) => {
        hopeless.abort(error);
        throw error;
      },
    );
  try {
    await workInTurn(plans, { jobs: flags.jobs, signal, prepare, work });
    batch.writeStats();
  } finally {
    await mllmEngine?.close();
    await batch.close();
  }
  // Stopped between two videos, none of them has failed.
  return tally.failures[0]?.error ?? (tally.done < plans.length ? stopper.signal.reason : undefined);
}
