import type { Logger } from '../domain/logger.js';
import type { AnalyzeFlags } from './analyze-flags.js';
import type { ProgressStream } from './progress.js';

/** Where the progress of a video goes, at level info of the log; null where that is not shown. */
export function progressTo(
  { jobs, logLevel, log: format }: Pick<AnalyzeFlags, 'jobs' | 'logLevel' | 'log'>,
  { log, video }: { readonly log: Logger; readonly video: string },
  stderr: ProgressStream = process.stderr,
): ProgressStream | null {
  if (logLevel === 'warn' || logLevel === 'error') return null;
  if (format === 'json') return { write: (line) => log.info(line.trimEnd(), { video }) };
  // On a terminal one line is drawn over itself: several videos would draw over each other.
  return jobs === 1 ? stderr : { write: (text) => stderr.write(text) };
}
