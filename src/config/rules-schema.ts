import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { CAMERA_ID, CAMERA_ID_WORDS } from '../domain/camera-id.js';
import { CAMERA_TROUBLES } from '../domain/rules.js';
import { choice, duration, flag, key, number, whole } from './keys.js';
import { mqttTopic } from './mqtt-schema.js';
import { PURPOSE_WORDS } from './responsible-use.js';

/** Days of the week in the order of Date.getDay(). */
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const NAME_WORDS = '1 to 64 of a-z, 0-9, - and _, first a letter or digit';

function minutesOf(text: string): { readonly fromMinute: number; readonly toMinute: number } {
  const [from, fromMinute, to, toMinute] = (HOURS.exec(text) ?? []).slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { fromMinute: from * 60 + fromMinute, toMinute: to * 60 + toMinute };
}

/** An id that rules, targets and topics use. */
export const ruleName = (text: string) => key(z.string().regex(NAME), { accepts: NAME_WORDS, text });

const time = {
  for: duration({
    least: '0s',
    most: '1h',
    text: 'How long it must be so without a break: one face, the number of faces, or the camera.',
  }).prefault('1s'),
  hours: key(z.string().regex(HOURS).transform(minutesOf), {
    accepts: 'hours such as "08:00-18:00" or "22:00-06:00"',
    text: 'Only at these hours of the machine’s time zone; always when left out.',
  }).optional(),
  days: key(
    z
      .array(z.enum(DAYS))
      .min(1)
      .transform((days) => days.map((day) => DAYS.indexOf(day))),
    {
      accepts: `a list of ${DAYS.join(', ')}`,
      text: 'Only on these days; every day when left out. Hours past midnight belong to the day on which they begin.',
    },
  ).optional(),
};
const place = {
  zone: key(z.string().min(1).max(64), {
    accepts: '1 to 64 characters',
    text: 'Only faces in this zone of the camera; anywhere when left out.',
  }).optional(),
};
const sure = number({ least: 0, most: 1, text: 'Least probability, 0 to 1.' }).default(0.5);
const kind = <const T extends string>(type: T, text: string) => key(z.literal(type), { accepts: type, text });

const condition = z.discriminatedUnion('type', [
  z.strictObject({
    type: kind('expression', 'A face shows an expression.'),
    is: key(z.array(z.enum(EMOTIONS)).min(1), {
      accepts: `a list of ${EMOTIONS.join(', ')}`,
      text: 'Which expressions: one of these. Not with mode au-only.',
    }),
    sure,
    ...place,
    ...time,
  }),
  z.strictObject({
    type: kind('action-unit', 'A face makes a movement.'),
    unit: key(
      z
        .string()
        .regex(/^AU[1-9]\d?[LR]?$/)
        .transform((code) => code.slice(2)),
      { accepts: 'an action unit such as AU12 or AU12L', text: 'Which movement; one that the model reads.' },
    ),
    intensity: number({ least: 0, most: 5, text: 'Least intensity, 0 to 5.' }).default(1),
    sure,
    ...place,
    ...time,
  }),
  z.strictObject({
    type: kind('valence', 'A face looks pleasant or unpleasant. Not with mode au-only.'),
    above: number({ least: -1, most: 1, text: 'At least this pleasant, -1 to 1.' }).optional(),
    below: number({ least: -1, most: 1, text: 'At most this pleasant, -1 to 1.' }).optional(),
    ...place,
    ...time,
  }),
  z.strictObject({
    type: kind('faces', 'A number of faces is in view.'),
    least: whole({ least: 1, most: 100, text: 'At least so many faces.' }).optional(),
    most: whole({ least: 0, most: 100, text: 'At most so many faces; 0: nobody.' }).optional(),
    ...place,
    ...time,
  }),
  z.strictObject({
    type: kind('camera', 'A camera is in trouble.'),
    is: key(z.array(z.enum(CAMERA_TROUBLES)).min(1), {
      accepts: `a list of ${CAMERA_TROUBLES.join(', ')}`,
      text: 'away: no frames arrive. damaged: pictures are not whole. behind: analysis does not keep up.',
    }),
    ...time,
  }),
]);

const action = z.discriminatedUnion('type', [
  z.strictObject({ type: kind('log', 'Write a line to mien’s log.') }),
  z.strictObject({
    type: kind('webhook', 'Send the firing to a webhook.'),
    to: ruleName('Id of a target in webhooks.targets.'),
  }),
  z.strictObject({
    type: kind('mqtt', 'Publish the firing over MQTT.'),
    topic: mqttTopic('Topic outside of mqtt.prefix; PREFIX/rules when left out.').optional(),
  }),
  z.strictObject({ type: kind('snapshot', 'Keep a picture of the moment (docs/keeping.md).') }),
  z.strictObject({ type: kind('record', 'Keep a short clip around the moment (docs/keeping.md).') }),
]);

const rule = z.strictObject({
  id: ruleName('Name in messages and metrics; unique.'),
  cameras: key(z.array(z.string().regex(CAMERA_ID)).min(1).max(256), {
    accepts: `a list of camera ids, each ${CAMERA_ID_WORDS}`,
    text: 'Only at these cameras; at every camera when left out.',
  }).optional(),
  purpose: choice(
    PURPOSE_WORDS,
    'What the rule is for, where that differs from purpose; refused like that.',
  ).optional(),
  when: key(condition, { accepts: 'a group with a type', text: 'What the rule waits for.' }),
  endAfter: duration({ least: '0s', most: '1h', text: 'It ends when nobody has met it for so long.' }).prefault('1s'),
  holdOff: duration({
    least: '0s',
    most: '24h',
    text: 'How long it is quiet at a camera after it ended there.',
  }).prefault('30s'),
  tellEnd: flag('Tell the actions of its end, too.').default(true),
  do: key(z.array(action).min(1).max(8), { accepts: 'a list of actions', text: 'What is done when it fires.' }),
});

/** `rules`: when something is so for some time, do this (docs/rules.md). */
export const rulesSchema = key(z.array(rule).max(256), {
  accepts: 'a list of rules',
  text: 'What mien tells others of (docs/rules.md). Each has an id, when and do.',
});
