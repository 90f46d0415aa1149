import type { RuleHours } from '../domain/rules.js';

const DAY_MINUTES = 24 * 60;

/** Whether an instant, Date.now() scale, lies in these hours of the machine's time zone. */
export function isWithinHours({ fromMinute, toMinute, days }: RuleHours, wallTimeMs: number): boolean {
  const local = new Date(wallTimeMs);
  const minute = local.getHours() * 60 + local.getMinutes();
  const day = local.getDay();
  const overnight = toMinute <= fromMinute;
  const lastMinute = overnight ? toMinute + DAY_MINUTES : toMinute;
  const isIn = (begun: number, at: number): boolean => days.includes(begun) && at >= fromMinute && at < lastMinute;
  return isIn(day, minute) || (overnight && isIn((day + 6) % 7, minute + DAY_MINUTES));
}
