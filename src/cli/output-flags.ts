import { type Command, Option } from 'commander';

/** How much a command tells, and to whom. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Adds `--json`. @param what - an object of which a line is made: "each video, then the end" */
export const addJsonOption = (command: Command, what: string): Command =>
  command.option('--json', `for programs: standard output is one JSON object a line: ${what}`);

/** Adds `--quiet`; where there is a log, only its errors are written then, unless `--log-level` says otherwise. */
export const addQuietOption = (command: Command): Command =>
  command.addOption(
    new Option('--quiet', 'tell nothing but errors, and what --json asks for').implies({ logLevel: 'error' }),
  );
