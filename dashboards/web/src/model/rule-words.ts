import { actionUnitTitle } from '../../../../src/domain/action-units.js';
import type { CameraTrouble, RuleAction, RuleCondition, RuleHours } from '../../../../src/domain/rules.js';
import type { RuleStatusJson } from '../../../../src/protocol/rule-schema.js';
import { percentText } from '../../../../src/view/number-words.js';
import { countText } from '../words.js';

const TROUBLE: Readonly<Record<CameraTrouble, string>> = {
  away: 'no pictures come',
  damaged: 'pictures arrive damaged',
  behind: 'analysis is behind',
};
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MINUTE_MS = 60_000;

/** What a rule waits for: "happiness, at least 60 % sure, in zone till, for 1 s, 08:00 to 18:00 on Monday". */
export function whenWords({
  when,
  zone,
  forMs,
  hours,
}: Pick<RuleStatusJson, 'when' | 'zone' | 'forMs' | 'hours'>): string {
  return [
    conditionWords(when),
    ...(zone === null ? [] : [`in zone ${zone}`]),
    ...(forMs === 0 ? [] : [`for ${durationText(forMs)}`]),
    ...(hours === null ? [] : [hoursWords(hours)]),
  ].join(', ');
}

function conditionWords(when: RuleCondition): string {
  switch (when.type) {
    case 'expression':
      return `${when.is.join(' or ')}, at least ${percentText(when.sure)} sure`;
    case 'action-unit':
      return `${actionUnitTitle(`AU${when.unit}`)}, intensity at least ${when.intensity}, at least ${percentText(when.sure)} sure`;
    case 'valence':
      return `valence ${rangeWords(when.above, when.below)}`;
    case 'faces':
      return facesWords(when.least, when.most);
    case 'camera':
      return when.is.map((trouble) => TROUBLE[trouble]).join(' or ');
  }
}

function rangeWords(least: number | null, most: number | null): string {
  if (least !== null && most !== null) return `from ${least} to ${most}`;
  return least === null ? `at most ${most}` : `at least ${least}`;
}

function facesWords(least: number | null, most: number | null): string {
  if (most === 0) return 'nobody in view';
  if (least !== null && least === most) return `${countText(least, 'face')} in view`;
  const faces = (least ?? 2) === 1 && most === null ? 'face' : 'faces';
  return `${rangeWords(least, most)} ${faces} in view`;
}

function hoursWords({ fromMinute, toMinute, days }: RuleHours): string {
  const on = days.length === 7 ? '' : ` on ${days.map((day) => DAYS[day]).join(', ')}`;
  const whole = fromMinute === 0 && toMinute === 24 * 60;
  return whole ? on.trim() : `${clockText(fromMinute)} to ${clockText(toMinute)}${on}`;
}

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** What a rule does: "webhook alerts, a line in the log". */
export const doWords = (actions: readonly RuleAction[]): string => actions.map(actionWords).join(', ');

function actionWords(action: RuleAction): string {
  switch (action.type) {
    case 'log':
      return 'a line in the log';
    case 'webhook':
      return `webhook ${action.to}`;
    case 'mqtt':
      return action.topic === undefined ? 'MQTT' : `MQTT topic ${action.topic}`;
    case 'snapshot':
      return 'keeps a picture';
    case 'record':
      return 'keeps a clip';
  }
}

/** Where it counts: "at every camera", "at Front door, Yard". */
export function placeWords(cameras: readonly string[] | null, nameOf: (source: string) => string): string {
  return cameras === null ? 'at every camera' : `at ${cameras.map(nameOf).join(', ')}`;
}

/** A length as it was written: `500 ms`, `1.5 s`, `2 min`, `1 h`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms}\u00a0ms`;
  if (ms < MINUTE_MS || ms % MINUTE_MS !== 0) return `${ms / 1000}\u00a0s`;
  const minutes = ms / MINUTE_MS;
  return minutes % 60 === 0 ? `${minutes / 60}\u00a0h` : `${minutes}\u00a0min`;
}
