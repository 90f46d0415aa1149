import { counted } from '../domain/counted.js';
import type { Problem } from './layers.js';

/** Every problem on its own line, in the order of the files, after a line that counts them. `what` has them. */
export function problemText(problems: readonly Problem[], what = 'the configuration'): string {
  const count = counted(problems.length, 'problem');
  const sorted = [...problems].sort((a, b) => a.where.localeCompare(b.where, 'en', { numeric: true }));
  const lines = sorted.map(({ where, key, text }) => `  ${where}: ${key}: ${text}`);
  return [`${count} in ${what}`, ...lines].join('\n');
}
