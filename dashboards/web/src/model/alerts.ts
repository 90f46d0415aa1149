import type { DashboardState, LogEntry, LogKind, PageFiring } from './state.js';

/** Something that goes on and that somebody should see. */
export type Alert =
  | { readonly kind: 'rule'; readonly key: string; readonly sinceMs: number; readonly firing: PageFiring }
  /** Trouble of one kind: each camera by itself, or all in one where there are many. */
  | {
      readonly kind: 'trouble';
      readonly key: string;
      readonly sinceMs: number;
      readonly entries: readonly [LogEntry, ...LogEntry[]];
    };

/** A firing that has ended is told of for so long. */
const LAST_MS = 5 * 60_000;
/** More cameras in the same trouble are one alert: a switch that fails must not hide what rules say. */
const SINGLE = 2;
/** Trouble that is an alert, in this order: that of the server comes before rules, that of cameras after them. */
const OF_SERVER: readonly LogKind[] = ['server', 'recording'];
const OF_CAMERAS: readonly LogKind[] = ['away', 'damaged', 'behind', 'reduced'];

function troublesOf(log: readonly LogEntry[], kinds: readonly LogKind[]): readonly Alert[] {
  return kinds.flatMap((kind): Alert[] => {
    const [first, ...others] = log.filter(({ what, endMs }) => what === kind && endMs === null);
    if (!first) return [];
    const entries = [first, ...others] as const;
    if (entries.length > SINGLE) return [{ kind: 'trouble', key: kind, sinceMs: first.atMs, entries: [...entries] }];
    return entries.map((entry) => ({ kind: 'trouble', key: entry.id, sinceMs: entry.atMs, entries: [entry] }));
  });
}

/** What goes on now: trouble of the server, rules, newest first, and trouble of cameras. */
export function alertsOf({ log, firings }: Pick<DashboardState, 'log' | 'firings'>): readonly Alert[] {
  const rules = firings.filter(({ endMs }) => endMs === null).toReversed();
  return [
    ...troublesOf(log, OF_SERVER),
    ...rules.map((firing): Alert => ({ kind: 'rule', key: firing.id, sinceMs: firing.atMs, firing })),
    ...troublesOf(log, OF_CAMERAS),
  ];
}

/** Whether somebody should look at once: not, where less is read and all is well. */
export const isUrgent = (alert: Alert): boolean => alert.kind === 'rule' || alert.entries[0].what !== 'reduced';

/** The firing that ended last, for a while. */
export function lastEnded(firings: readonly PageFiring[], nowMs: number): PageFiring | null {
  let last: PageFiring | null = null;
  for (const firing of firings) {
    if (firing.endMs !== null && firing.endMs >= (last?.endMs ?? nowMs - LAST_MS)) last = firing;
  }
  return last;
}

/** Between two things that are said of alerts: more would drown what somebody listens to. */
const QUIET_MS = 6000;

/** What has been said of alerts, to whom the page is read aloud. */
export interface Spoken {
  readonly keys: ReadonlySet<string>;
  readonly atMs: number;
}

/**
 * The alerts to speak of now: those that began since and still go on; none while the last words are fresh, so that a rule
 * that comes and goes does not talk all the time. Trouble of cameras is not among them: their states are announced.
 */
export function toSpeak(
  alerts: readonly Alert[],
  spoken: Spoken,
  nowMs: number,
): { readonly alerts: readonly Alert[]; readonly spoken: Spoken } {
  const said = alerts.filter((alert) => alert.kind === 'rule' || alert.entries[0].what === 'recording');
  const begun = said.filter(({ key }) => !spoken.keys.has(key));
  const gone = [...spoken.keys].some((key) => !said.some((alert) => alert.key === key));
  if (begun.length === 0) {
    if (!gone) return { alerts: [], spoken };
    const keys = new Set([...spoken.keys].filter((key) => said.some((alert) => alert.key === key)));
    return { alerts: [], spoken: { ...spoken, keys } };
  }
  if (nowMs - spoken.atMs < QUIET_MS) return { alerts: [], spoken };
  return { alerts: begun, spoken: { keys: new Set(said.map(({ key }) => key)), atMs: nowMs } };
}
