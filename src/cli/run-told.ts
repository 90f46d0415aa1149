import type { Logger } from '../domain/logger.js';
import type { OpenTally } from './analyze-queue.js';
import { type AnalyzeReporter, analyzeReporter } from './analyze-reporter.js';
import { failureOf } from './describe-error.js';
import type { LogFlags } from './log-flags.js';
import { type Stopper, whileStoppable } from './stop-on-signals.js';
import { withLog } from './with-log.js';

/** How a command that analyses videos tells what it does, and is told to stop. */
export interface Told {
  readonly log: Logger;
  readonly reporter: AnalyzeReporter;
  /** Filled as it goes, so that it can be told whatever happens. */
  readonly tally: OpenTally;
  readonly stopper: Stopper;
}

type ToldFlags = LogFlags & Parameters<typeof analyzeReporter>[0];

/**
 * Runs a command over videos: its end is reported however it ends.
 *
 * @param work - resolves to the first thing that did not succeed, undefined when all did
 * @returns the exit code
 */
export function runTold(flags: ToldFlags, work: (told: Told) => Promise<unknown>): Promise<number> {
  return withLog(flags, async (log) => {
    const tally: OpenTally = { videos: 0, done: 0, failures: [] };
    const reporter = analyzeReporter(flags, (line) => process.stdout.write(`${line}\n`));
    try {
      const why = await whileStoppable((stopper) => work({ log, reporter, tally, stopper }), { say: log.error });
      reporter.end(tally, why);
      return why === undefined ? 0 : failureOf(why).exitCode;
    } catch (error) {
      reporter.end(tally, error);
      throw error;
    }
  });
}
