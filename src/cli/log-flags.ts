import { type Command, Option } from 'commander';
import { LOG_LEVELS, type LogLevel } from '../domain/logger.js';
import { LOG_FORMATS, type LogFormat } from './create-log.js';

/** What a command line says of the log. */
export interface LogFlags {
  readonly logLevel: LogLevel;
  readonly log: LogFormat;
}

/** Adds `--log-level` and `--log`. */
export function addLogOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--log-level <level>', 'least important lines to write to standard error')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addOption(
      new Option('--log <format>', 'those lines for people, or one JSON object each')
        .choices(LOG_FORMATS)
        .default('text'),
    );
}
