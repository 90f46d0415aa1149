import { LOG_LEVELS, type LogFields, type Logger, type LogLevel } from '../domain/logger.js';

/** How lines look: for people, or one JSON object a line. */
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

const TEXT_MARKS = { debug: 'debug: ', info: '', warn: 'warning: ' } as const;

const LINES: Readonly<Record<LogFormat, (level: LogLevel, line: string, at: string, about: LogFields) => string>> = {
  // An error ends something, as one of a command without a log does, and looks the same.
  text: (level, line, at) => (level === 'error' ? `mien: ${line}` : `${at} ${TEXT_MARKS[level]}${line}`),
  json: (level, line, at, about) => JSON.stringify({ time: at, level, message: line, ...about }),
};

/** A log whose lines go to `write`, without those below `level`. */
export function createLog(options: {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes a line without its end. @default standard error */
  readonly write?: (line: string) => void;
  readonly now?: () => Date;
}): Logger {
  const { level: least, format, write = (line) => console.error(line), now = () => new Date() } = options;
  const shown = LOG_LEVELS.slice(LOG_LEVELS.indexOf(least));
  const teller =
    (level: LogLevel) =>
    (line: string, about: LogFields = {}): void => {
      if (shown.includes(level)) write(LINES[format](level, line, now().toISOString(), about));
    };
  return { debug: teller('debug'), info: teller('info'), warn: teller('warn'), error: teller('error') };
}
