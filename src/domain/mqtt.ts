/** What can be published over MQTT (docs/mqtt.md). */
export const MQTT_KINDS = ['faces', 'expression', 'state', 'episodes', 'rules'] as const;
export type MqttKind = (typeof MQTT_KINDS)[number];

/** Quality of service: 0 at most once, 1 at least once, 2 exactly once while the connection lasts. */
export type MqttQos = 0 | 1 | 2;

/** The label of the broker in metrics, beside the ids of webhooks. */
export const MQTT_TARGET = 'mqtt';
