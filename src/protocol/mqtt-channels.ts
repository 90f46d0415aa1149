import type { z } from 'zod';
import * as messages from './mqtt-messages.js';
import { ruleFiring } from './rule-schema.js';

interface Topic {
  /** With the parameters prefix, camera and rule. */
  readonly address: string;
  readonly payload: z.ZodType;
  /** Whether the broker keeps the newest (unless mqtt.retain is false). */
  readonly kept: boolean;
  readonly contentType?: string;
}

/** What mien publishes, by the name of its channel. */
const TOPICS: Readonly<Record<string, Topic>> = {
  mqttStatus: { address: '{prefix}/status', payload: messages.mqttStatus, kept: true, contentType: 'text/plain' },
  mqttFaces: { address: '{prefix}/{camera}/faces', payload: messages.mqttFaces, kept: true },
  mqttExpression: { address: '{prefix}/{camera}/expression', payload: messages.mqttExpression, kept: true },
  mqttCameraState: { address: '{prefix}/{camera}/state', payload: messages.mqttCameraState, kept: true },
  mqttRuleState: { address: '{prefix}/{camera}/rules/{rule}', payload: messages.mqttRuleState, kept: true },
  mqttEpisode: { address: '{prefix}/episodes', payload: messages.mqttEpisode, kept: false },
  mqttRule: { address: '{prefix}/rules', payload: ruleFiring, kept: false },
};
const PARAMETERS = {
  prefix: { description: 'mqtt.prefix of the configuration', default: 'mien' },
  camera: { description: 'id of a camera' },
  rule: { description: 'id of a rule' },
} as const;

/** Schemas of payloads by name; those that others have, too, keep theirs. */
export const MQTT_SCHEMAS: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(TOPICS)
    .filter(([, { payload }]) => payload !== ruleFiring)
    .map(([name, { payload }]) => [name, payload]),
);

/** Messages, channels and operations of an AsyncAPI document. */
export function mqttParts(server: string, schemaRef: (name: string) => object) {
  const entries = Object.entries(TOPICS);
  const each = <T>(make: (name: string, topic: Topic) => T) =>
    Object.fromEntries(entries.map(([name, topic]) => [name, make(name, topic)]));
  return {
    messages: each((name, { payload, contentType = 'application/json' }) => ({
      name,
      title: name,
      summary: payload.description ?? name,
      contentType,
      payload: schemaRef(name in MQTT_SCHEMAS ? name : 'RuleFiring'),
    })),
    channels: each((name, { address, kept }) => ({
      address,
      servers: [{ $ref: `#/servers/${server}` }],
      ...(kept ? { description: 'retained' } : {}),
      parameters: Object.fromEntries(
        Object.entries(PARAMETERS).filter(([parameter]) => address.includes(`{${parameter}}`)),
      ),
      messages: { [name]: { $ref: `#/components/messages/${name}` } },
    })),
    operations: each((name, { payload }) => ({
      action: 'send',
      channel: { $ref: `#/channels/${name}` },
      summary: payload.description ?? name,
      messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    })),
  };
}
