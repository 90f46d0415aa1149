/** From the most talkative to the least. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line is about, for programs that read it; its text says the same. */
export interface LogFields {
  /** Id of a camera. */
  readonly camera?: string;
  /** Name of a recorded video. */
  readonly video?: string;
  /** In the error table, and the exit code that goes with it. */
  readonly code?: string;
  readonly exitCode?: number;
}

/**
 * Takes one line at a time, without credentials or pictures. debug: each step; info: what changes; warn: what somebody
 * should look at while the work goes on; error: why a command, or one of its inputs, did not succeed.
 */
export type Logger = { readonly [L in LogLevel]: (line: string, about?: LogFields) => void };
