import type { RuleFiring } from './rules.js';

/** "rule smile fired: face 3, 0.83", "rule smile ended": a firing for people. */
export function firingWords(firing: Pick<RuleFiring, 'rule' | 'phase' | 'track' | 'value' | 'zone'>): string {
  const { rule, phase, track, value, zone } = firing;
  if (phase === 'end') return `rule ${rule} ended`;
  const about = [
    track === null ? '' : `face ${track}`,
    zone === null ? '' : `in zone ${zone}`,
    value === null ? '' : String(Math.round(value * 100) / 100),
  ].filter(Boolean);
  return about.length === 0 ? `rule ${rule} fired` : `rule ${rule} fired: ${about.join(', ')}`;
}
