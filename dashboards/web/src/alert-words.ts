import { reducedWords } from '../../../src/domain/reduced.js';
import { percentText, strengthText } from '../../../src/view/number-words.js';
import type { Alert } from './model/alerts.js';
import type { LogEntry, LogKind, PageFiring } from './model/state.js';
import { countText, endText, lengthText, timeOfDay, troubleOf } from './words.js';

export const LOG_WORDS: Readonly<Record<LogKind, string>> = {
  away: 'Offline',
  damaged: 'Damaged pictures',
  behind: 'Analysis behind',
  reduced: 'Reading reduced',
  added: 'Camera added',
  removed: 'Camera removed',
  recording: 'Recording stopped',
  server: 'Server away',
  restarted: 'Server restarted',
  lane: 'Analysis restarted',
};

type NameOf = (source: string) => string;

/** What a row of the system log is about. */
export const logTitle = ({ what, camera }: LogEntry): string =>
  what === 'away' && camera?.status === 'failed' ? 'Needs attention' : LOG_WORDS[what];

/** Where it happened. */
export const logPlace = ({ what, source, camera }: LogEntry, nameOf: NameOf): string => {
  if (source !== null) return camera?.name ?? nameOf(source);
  return what === 'reduced' ? 'All cameras' : 'Server';
};

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** What else there is to say: of what goes on with its tries and the next; of what has ended in sum. */
export function logDetail({ what, endMs, camera, note }: LogEntry, nowMs: number): string {
  if (what === 'recording') return note === '' ? '' : sentence(`${note}; it is tried again`);
  if (what === 'server')
    return endMs === null ? 'This page tries to connect again.' : 'What happened meanwhile may be missing.';
  if (what === 'lane') return 'What reads faces had died.';
  if (camera === null) return '';
  if (what === 'reduced') return camera.reduced === null ? '' : sentence(reducedWords(camera.reduced));
  if (what === 'behind') return camera.behindMs === null ? '' : `At most ${lengthText(camera.behindMs / 1000)}.`;
  if (what === 'damaged') return `${countText(camera.decodeErrors, 'decode error')} in all.`;
  if (what !== 'away') return '';
  if (endMs === null) return troubleOf(camera, nowMs);
  const tried = camera.attempts === 0 ? [] : [countText(camera.attempts, 'try', 'tries')];
  return [endText(camera), ...tried].filter(Boolean).join('; ');
}

/** How long it took or has taken; empty for what happened at a moment. */
export function logLength({ what, atMs, endMs }: LogEntry, nowMs: number): string {
  if (endMs === null) return `${lengthText(Math.max(0, nowMs - atMs) / 1000)} so far`;
  return endMs === atMs && !['away', 'damaged', 'behind', 'reduced', 'recording', 'server'].includes(what)
    ? ''
    : lengthText((endMs - atMs) / 1000);
}

/** What a rule measured when it fired: "83 %", "3.2 of 5"; empty where it waits for a camera. */
export function valueText({ condition, value }: Pick<PageFiring, 'condition' | 'value'>): string {
  if (value === null) return '';
  switch (condition) {
    case 'expression':
      return percentText(value);
    case 'action-unit':
      return `${strengthText(value)} of 5`;
    case 'valence':
      return `valence ${value.toFixed(2)}`;
    case 'faces':
      return countText(value, 'face');
    case 'camera':
      return '';
  }
}

/** "Front door, face 2, in porch". */
export const firingPlace = ({ source, track, zone }: PageFiring, nameOf: NameOf): string =>
  [nameOf(source), track === null ? '' : `face ${track}`, zone === null ? '' : `in ${zone}`].filter(Boolean).join(', ');

/** For how long it has gone on, in whole seconds: "now", "7 s", "3 min 10 s". */
export function sinceText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole === 0) return 'now';
  return whole < 10 ? `${whole}\u00a0s` : lengthText(whole);
}

/** What an alert is about, and where. */
export function alertWords(alert: Alert, nameOf: NameOf): { readonly title: string; readonly place: string } {
  if (alert.kind === 'rule') {
    const { firing } = alert;
    return { title: firing.rule, place: [firingPlace(firing, nameOf), valueText(firing)].filter(Boolean).join(', ') };
  }
  const [first] = alert.entries;
  const title = alert.entries.length === 1 ? logTitle(first) : LOG_WORDS[first.what];
  if (alert.entries.length > 1) return { title, place: countText(alert.entries.length, 'camera') };
  return { title, place: first.what === 'recording' ? first.note : logPlace(first, nameOf) };
}

/** The whole alert for a tool tip and for ears: "smiles at Front door, face 2, 83 %, since 14:03:07". */
export function alertSentence(alert: Alert, nameOf: NameOf): string {
  const { title, place } = alertWords(alert, nameOf);
  return `${title}${place === '' ? '' : `: ${place}`}, since ${timeOfDay(alert.sinceMs)}`;
}
