import type { Mode } from '../domain/mode.js';
import { MQTT_KINDS, type MqttKind, type MqttQos } from '../domain/mqtt.js';
import type { TlsTexts } from './read-tls.js';
import type { ParsedConfig } from './schema.js';

/** What is secret of the connection to the broker, and its certificates, as read from where the configuration says. */
export interface MqttSecrets extends TlsTexts {
  /** Null: none. */
  readonly password: string | null;
}

/** The broker as `mien serve` uses it. `secrets` is not enumerable: JSON, spreads and console output leave it out. */
export interface MqttConfig {
  /** Without credentials. */
  readonly url: string;
  readonly username: string | null;
  readonly secrets: MqttSecrets;
  readonly clientId: string;
  readonly prefix: string;
  readonly qos: MqttQos;
  readonly retain: boolean;
  readonly publish: readonly MqttKind[];
  /** Least time between two messages on a topic that tells how faces are. */
  readonly intervalMs: number;
  readonly maxWaiting: number;
  /** Where Home Assistant looks; null: it is not told. */
  readonly discoveryPrefix: string | null;
}

/** Null without an address: nothing is published. */
export function toMqttConfig(parsed: ParsedConfig['mqtt'], mode: Mode, secrets: MqttSecrets): MqttConfig | null {
  const { url, username, prefix, qos, retain, maxPerSecond, maxWaiting, homeAssistant } = parsed;
  if (url === undefined) return null;
  const everything = MQTT_KINDS.filter((kind) => kind !== 'expression' || mode === 'full');
  const config = {
    url,
    username: username ?? null,
    clientId: parsed.clientId ?? prefix.replaceAll('/', '-'),
    prefix,
    qos: qos as MqttQos,
    retain,
    publish: parsed.publish ?? everything,
    intervalMs: Math.round(1000 / maxPerSecond),
    maxWaiting,
    discoveryPrefix: homeAssistant.discovery ? homeAssistant.prefix : null,
    secrets,
  };
  return Object.defineProperty(config, 'secrets', { enumerable: false });
}
