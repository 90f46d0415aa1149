import type { Findings, Place } from './findings.js';
import type { StretchEntry } from './stretch.js';

const GROUP = /\$(\d|&)/g;

/**
 * How the text of a cue becomes a label: all of it; or with `match` what matches, by the template `label` where there is
 * one, else its first group. Null: the cue is not taken. Undefined, and a problem, where the rule cannot be read.
 */
export function labelRule(
  { match, label }: Pick<StretchEntry, 'match' | 'label'>,
  at: (key: string) => Place,
  findings: Findings,
): ((text: string) => string | null) | undefined {
  if (match === undefined) return (text) => (label === undefined ? text : label.replace(/\$&/g, () => text)) || null;
  let pattern: RegExp;
  try {
    pattern = new RegExp(match, 'u');
  } catch (error) {
    findings.problem(at('match'), `is no regular expression (${(error as Error).message.replace(/^.*\/: /, '')})`);
    return undefined;
  }
  return (text) => {
    const found = pattern.exec(text);
    if (!found) return null;
    const template = label ?? (found.length > 1 ? '$1' : '$&');
    const made = template.replace(GROUP, (_, group: string) =>
      group === '&' ? found[0] : (found[Number(group)] ?? ''),
    );
    return made.trim() || null;
  };
}
