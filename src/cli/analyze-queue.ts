import { AffectError, type ErrorCode } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import type { OutputPlan } from '../recording/output-plan.js';
import type { Batch, OfVideo } from './analyze-batch.js';
import type { AnalyzeReporter, FinishedVideo } from './analyze-reporter.js';
import type { Failure } from './batch-lines.js';
import { errorText, failureOf } from './describe-error.js';
import { type Turn, workInTurn } from './work-in-turn.js';

/** What is wrong for one video is then wrong for all. */
const WRONG_FOR_ALL: ReadonlySet<ErrorCode> = new Set([
  'FFMPEG_MISSING',
  'MODEL_INVALID',
  'LANE_DIED',
  'CONFIG_INVALID',
  'SERVER_UNREACHABLE',
]);

/** What became of the videos of a command, filled as it goes, so that it can be told whatever happens. */
export interface OpenTally {
  videos: number;
  done: number;
  readonly failures: Failure[];
}

/** How a video came to its end, for who keeps account of it. */
export type Outcome = { readonly video: FinishedVideo } | { readonly error: unknown };

export interface QueueOptions {
  readonly batch: Batch;
  /** Videos at once. */
  readonly jobs: number;
  /** No more are begun once it has aborted. */
  readonly signal: AbortSignal;
  /** Ends those that are being analysed at the same time: what is wrong is wrong for all. */
  readonly giveUp: (error: unknown) => void;
  readonly reporter: AnalyzeReporter;
  readonly log: Logger;
  readonly tally: OpenTally;
  isDone(plan: OutputPlan): boolean;
  /** @default as the flags say */
  ofVideo?(plan: OutputPlan): OfVideo;
  begun?(plan: OutputPlan): Promise<void>;
  ended?(plan: OutputPlan, outcome: Outcome): Promise<void>;
}

/** Notes what went wrong: in the account, and in the log. */
export function noteFailure(plan: OutputPlan | null, error: unknown, to: Pick<QueueOptions, 'tally' | 'log'>): void {
  to.tally.failures.push({ plan, error });
  to.log.error(errorText(error), { ...failureOf(error), ...(plan && { video: plan.name }) });
}

/** Analyses videos in order, some at once. One that fails does not stop the others, unless what is wrong is wrong for all. */
export async function analyzeQueue(plans: readonly OutputPlan[], options: QueueOptions): Promise<void> {
  const { batch, jobs, signal, giveUp, reporter, tally } = options;
  const prepare = (plan: OutputPlan): void => {
    if (!options.isDone(plan)) batch.prepare(plan);
  };
  const tell = async (plan: OutputPlan, outcome: Outcome): Promise<void> => {
    if ('video' in outcome) {
      reporter.finished(outcome.video);
      const { problem } = outcome.video.event;
      if (problem) noteFailure(plan, problem, options);
      else tally.done++;
    } else reporter.failed({ plan, error: outcome.error });
    await options.ended?.(plan, outcome);
    if (!('error' in outcome)) return;
    const { error } = outcome;
    if (!(error instanceof AffectError && WRONG_FOR_ALL.has(error.code))) return noteFailure(plan, error, options);
    tally.failures.push({ plan, error });
    throw error;
  };
  const analyze = async (plan: OutputPlan, label: string, turn: Turn): Promise<void> => {
    if (options.isDone(plan)) {
      await turn.before;
      reporter.doneBefore(label, plan);
      tally.done++;
      return;
    }
    prepare(plan);
    await batch.begin();
    await options.begun?.(plan);
    const ofVideo = options.ofVideo?.(plan);
    const outcome = await batch.analyze(label, plan, { turn, ofVideo }).then(
      (video) => ({ video }),
      (error: unknown) => ({ error }),
    );
    await turn.before;
    await tell(plan, outcome);
  };
  const labelOf = (plan: OutputPlan, index: number): string =>
    plans.length > 1 ? `[${index + 1}/${plans.length}] ${plan.name}` : plan.name;
  const work = (plan: OutputPlan, index: number, turn: Turn): Promise<void> =>
    analyze(plan, labelOf(plan, index), turn).catch((error: unknown) => {
      giveUp(error);
      throw error;
    });
  await workInTurn(plans, { jobs, signal, prepare, work });
}
