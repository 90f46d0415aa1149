import { z } from 'zod';
import { MQTT_KINDS } from '../domain/mqtt.js';
import { flag, key, number, whole } from './keys.js';
import { secretPlace, tlsFiles } from './secret-keys.js';

/** Protocols of a broker, and whether they are encrypted. */
const BROKERS: Readonly<Record<string, boolean>> = { 'mqtt:': false, 'mqtts:': true, 'ws:': false, 'wss:': true };

function isBrokerAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  return protocol in BROKERS && hostname !== '' && username + password + hash === '';
}

/** Whether a broker with this address is spoken to in TLS. */
export const isEncrypted = (url: string): boolean => BROKERS[new URL(url).protocol] === true;

const LEVELS = /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/;
const LEVELS_WORDS = 'up to 128 of a-z, 0-9, - and _, in levels parted by /';
const levels = (text: string) => key(z.string().max(128).regex(LEVELS), { accepts: LEVELS_WORDS, text });

/** A topic that is published to: no wildcards, no empty level, none of the broker's own. */
export const mqttTopic = (text: string) =>
  key(
    z
      .string()
      .max(256)
      .regex(/^[^\s#+$/\p{C}][^\s#+/\p{C}]*(\/[^\s#+/\p{C}]+)*$/u),
    {
      accepts: 'a topic such as house/alerts: up to 256 characters, no +, #, spaces or empty levels',
      text,
    },
  );

/** `mqtt`: what is published to a broker, and how it is reached (docs/mqtt.md). */
export const mqttSchema = z.strictObject({
  url: key(z.string().max(2048).refine(isBrokerAddress), {
    accepts: 'a URL with mqtt://, mqtts://, ws:// or wss://, without user and password',
    text: 'Address of the broker. Nothing is published without one.',
  }).optional(),
  username: key(z.string().min(1).max(256), {
    accepts: '1 to 256 characters',
    text: 'User name at the broker.',
  }).optional(),
  password: secretPlace('password', 'The password itself is never in the configuration.').optional(),
  tls: tlsFiles('mqtts:// and wss://', 'the broker'),
  clientId: key(z.string().regex(/^[\w.-]{1,64}$/), {
    accepts: '1 to 64 of A-Z, a-z, 0-9, ., - and _',
    text: 'Name of this client; one connection has it. The prefix when left out.',
  }).optional(),
  prefix: levels('First levels of every topic; of this installation alone.').default('mien'),
  qos: whole({
    least: 0,
    most: 2,
    text: 'Quality of service: 0 at most once, 1 at least once, 2 exactly once.',
  }).default(1),
  retain: flag('The broker keeps the newest faces, expression, state and rules for who comes later.').default(true),
  publish: key(z.array(z.enum(MQTT_KINDS)), {
    accepts: `a list of ${MQTT_KINDS.join(', ')}`,
    text: 'What is published; everything when left out. With mode au-only no expression.',
  }).optional(),
  maxPerSecond: number({
    least: 0.1,
    most: 10,
    text: 'Most messages a second on each of the topics faces and expression of a camera; only changes are sent.',
  }).default(1),
  maxWaiting: whole({
    least: 1,
    most: 100_000,
    text: 'Most episodes and firings of rules that wait while the broker is away; the oldest go first.',
  }).default(1000),
  homeAssistant: z
    .strictObject({
      discovery: flag('Tell Home Assistant of cameras and rules, so that they appear there by themselves.').default(
        true,
      ),
      prefix: levels('First levels of the topics where Home Assistant looks.').default('homeassistant'),
    })
    .describe('Discovery by Home Assistant.')
    .prefault({}),
});
