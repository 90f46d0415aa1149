import type { Argument, Command, HelpConfiguration, Option } from 'commander';

/** A default as a person says it; null where there is nothing to say: what is off unless it is asked for, an empty list. */
function defaultWords({ defaultValue, defaultValueDescription }: Option | Argument): string | null {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  if (defaultValue === undefined || typeof defaultValue === 'boolean') return null;
  const words = Array.isArray(defaultValue) ? defaultValue.join(',') : String(defaultValue);
  return words === '' ? null : words;
}

function describe(thing: Option | Argument): string {
  const { description, argChoices } = thing;
  const words = defaultWords(thing);
  const facts = [
    ...(argChoices ? [`one of ${argChoices.join(', ')}`] : []),
    ...(words === null ? [] : [`default: ${words}`]),
  ];
  return facts.length > 0 ? `${description} (${facts.join('; ')})` : description;
}

/** How help tells choices and defaults, for a program and its commands: in words, not as the program holds them. */
export const HELP: HelpConfiguration = { optionDescription: describe, argumentDescription: describe };

/** Adds examples to a command's help. @param examples - each a command line, and what it does where the line does not say it */
export function addExamples(command: Command, examples: readonly (readonly [line: string, does?: string])[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, does]) => `  ${does === undefined ? line : `${line.padEnd(width)}  # ${does}`}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
