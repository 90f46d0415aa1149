import { EMOTIONS } from '../../domain/affect.js';
import type { MqttKind } from '../../domain/mqtt.js';
import type { Rule } from '../../domain/rules.js';
import type { Topics } from './topics.js';

/** A retained message; an empty payload removes it. */
export interface Retained {
  readonly topic: string;
  readonly payload: string;
}

interface DiscoveryOptions {
  /** Where Home Assistant looks. */
  readonly discoveryPrefix: string;
  readonly prefix: string;
  readonly topics: Topics;
  readonly version: string;
  readonly publishes: (kind: MqttKind) => boolean;
}

type Entity = Readonly<Record<string, unknown>>;

/** Level of discovery topics that tells this installation from others: ids may hold a to z, 0 to 9, "-" and "_" only. */
export const nodeOf = (prefix: string): string => prefix.replaceAll('/', '-SUB-');

/** Filter of every discovery message of this installation. */
export const discoveryFilter = (discoveryPrefix: string, prefix: string): string =>
  `${discoveryPrefix}/+/${nodeOf(prefix)}/+/config`;

/**
 * What makes a camera and its rules appear in Home Assistant by themselves: a device with sensors and a binary sensor
 * for each rule (docs/mqtt.md). Identifiers are topics, which stay the same and differ from all others.
 */
export function discoveryOf(
  camera: { readonly id: string; readonly name: string },
  rules: readonly Pick<Rule, 'id' | 'when'>[],
  options: DiscoveryOptions,
): Retained[] {
  const { discoveryPrefix, prefix, topics, version, publishes } = options;
  const device = {
    identifiers: [topics.camera(camera.id)],
    name: camera.name,
    manufacturer: 'mien',
    model: 'Camera',
    sw_version: version,
  };
  const mien = { topic: topics.status };
  const running = {
    topic: topics.state(camera.id),
    value_template: "{{ 'online' if value_json.status == 'running' else 'offline' }}",
  };
  const message = (component: string, objectId: string, id: string, entity: Entity): Retained => ({
    topic: `${discoveryPrefix}/${component}/${nodeOf(prefix)}/${objectId}/config`,
    payload: JSON.stringify({
      unique_id: id,
      availability: publishes('state') ? [mien, running] : [mien],
      availability_mode: 'all',
      ...entity,
      qos: 1,
      device,
      origin: { name: 'mien', sw_version: version },
    }),
  });
  const sensor = (what: string, entity: Entity & { readonly state_topic: string }): Retained =>
    message('sensor', `${camera.id}-${what.toUpperCase()}`, `${topics.camera(camera.id)}/${what}`, {
      ...entity,
      default_entity_id: `sensor.${entityName(prefix, camera.id, what)}`,
    });
  const binary = ({ id, when }: Pick<Rule, 'id' | 'when'>): Retained =>
    message('binary_sensor', `${camera.id}-RULE-${id}`, topics.rule(camera.id, id), {
      name: id,
      state_topic: topics.rule(camera.id, id),
      value_template: "{{ 'ON' if value_json.active else 'OFF' }}",
      json_attributes_topic: topics.rule(camera.id, id),
      json_attributes_template: '{{ (value_json.firing or {}) | tojson }}',
      default_entity_id: `binary_sensor.${entityName(prefix, camera.id, id)}`,
      // Trouble at a camera is just what it tells while the camera is away.
      ...(when.type === 'camera' ? { availability: [mien] } : {}),
    });
  const state_topic = topics.expression(camera.id);
  return [
    ...(publishes('faces') ? [sensor('faces', facesSensor(topics.faces(camera.id)))] : []),
    ...(publishes('expression')
      ? [sensor('expression', expressionSensor(state_topic)), sensor('valence', valenceSensor(state_topic))]
      : []),
    ...(publishes('rules') ? rules.map(binary) : []),
  ];
}

const entityName = (...parts: readonly string[]): string => parts.join('_').replaceAll(/[^a-z0-9]+/g, '_');

const facesSensor = (state_topic: string) => ({
  name: 'Faces',
  icon: 'mdi:account-multiple',
  state_topic,
  value_template: '{{ value_json.count }}',
  state_class: 'measurement',
});
const expressionSensor = (state_topic: string) => ({
  name: 'Expression',
  icon: 'mdi:emoticon-outline',
  state_topic,
  value_template: '{{ value_json.expression }}',
  device_class: 'enum',
  options: EMOTIONS,
});
const valenceSensor = (state_topic: string) => ({
  name: 'Valence',
  icon: 'mdi:plus-minus-variant',
  state_topic,
  value_template: '{{ value_json.valence }}',
  state_class: 'measurement',
  suggested_display_precision: 2,
});
