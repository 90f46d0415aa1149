import type { KeyProblem } from './describe-issues.js';
import type { ParsedSections } from './schema.js';

/** What no single key of `keep`, and of the rules that use it, shows. */
export function keepChecks({ keep, rules = [], preview }: ParsedSections): KeyProblem[] {
  if (!keep) return [];
  const problems: KeyProblem[] = [];
  const tables = keep.formats.filter((format) => format !== 'jsonl');
  if (keep.folder !== undefined && tables.length > 0 && !keep.what.includes('readings')) {
    const text = `${tables.join(' and ')} hold readings, which keep.what leaves out; add them there, or use jsonl alone`;
    problems.push({ path: ['keep', 'formats'], text });
  }
  if (keep.maxTotal < keep.partSize) {
    const text = `expected at least keep.partSize (${keep.partSize} bytes), got ${keep.maxTotal} bytes`;
    problems.push({ path: ['keep', 'maxTotal'], text });
  }
  for (const [index, { do: actions }] of rules.entries()) {
    for (const [at, { type }] of actions.entries()) {
      if (type !== 'snapshot' && type !== 'record') continue;
      const path = ['rules', index, 'do', at, 'type'];
      if (keep.folder === undefined) problems.push({ path, text: `${type} needs keep.folder to store pictures in` });
      if (preview?.enabled === false)
        problems.push({ path, text: `${type} stores pictures, which preview.enabled: false rules out; switch it on` });
    }
  }
  return problems;
}
