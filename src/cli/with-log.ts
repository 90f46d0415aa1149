import type { Logger } from '../domain/logger.js';
import { createLog } from './create-log.js';
import { errorText, failureOf } from './describe-error.js';
import type { LogFlags } from './log-flags.js';

/** Runs a command with the log that its flags ask for; resolves to its exit code. What it throws is the last line. */
export async function withLog(flags: LogFlags, work: (log: Logger) => Promise<number>): Promise<number> {
  const log = createLog({ level: flags.logLevel, format: flags.log });
  try {
    return await work(log);
  } catch (error) {
    const failure = failureOf(error);
    log.error(errorText(error), failure);
    return failure.exitCode;
  }
}
