import { isLoopback } from '../config/cross-checks.js';
import type { MqttConfig } from '../config/mqtt-config.js';
import type { ServeConfig } from '../config/serve-config.js';
import type { LiveEvent } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import { MQTT_TARGET } from '../domain/mqtt.js';
import type { RuleFiring } from '../domain/rules.js';
import type { Telemetry } from '../domain/telemetry.js';
import { discoveryFilter } from '../notify/mqtt/discovery.js';
import { MqttEvents } from '../notify/mqtt/mqtt-events.js';
import { openLink } from '../notify/mqtt/mqtt-link.js';
import { MqttPublisher } from '../notify/mqtt/mqtt-publisher.js';
import { topicsOf } from '../notify/mqtt/topics.js';
import { mienVersion } from '../package-info.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';

/** Patience for a broker to answer. */
const TIMEOUT_MS = 10_000;

/** What is published over MQTT while mien runs. */
export interface MqttPublishing {
  take(event: LiveEvent): void;
  firing(firing: RuleFiring, topic: string | undefined): void;
  /** Another process tells of this camera from now on. */
  handOver(camera: string): void;
  /** All cameras of the configuration have been added. */
  settle(): void;
  close(): Promise<void>;
}

/** Publishes to the broker of the configuration, whether it is there or not; null where none is configured. */
export function startMqtt(
  { mqtt, rules }: Pick<ServeConfig, 'mqtt' | 'rules'>,
  options: {
    readonly logger: Logger;
    readonly telemetry: Pick<Telemetry, 'notified' | 'notifyQueue' | 'brokerConnected'>;
    /** This process among several that publish to the same broker. @default alone */
    readonly node?: string;
  },
): MqttPublishing | null {
  if (mqtt === null) return null;
  const { prefix, discoveryPrefix, publish, intervalMs } = mqtt;
  warnOfPlainPassword(mqtt, options.logger);
  const publisher = startPublisher(mqtt, options);
  const events = new MqttEvents({
    prefix,
    ...(options.node === undefined ? {} : { node: options.node }),
    discoveryPrefix,
    publish,
    intervalMs,
    rules,
    version: mienVersion(),
    clock: SYSTEM_CLOCK,
    to: publisher,
  });
  return {
    take: (event) => events.take(event),
    handOver: (camera) => events.handOver(camera),
    firing: (firing, topic) => events.firing(firing, topic),
    settle: () => publisher.settle(),
    close: () => {
      events.close();
      return publisher.close();
    },
  };
}

function startPublisher(
  { url, username, secrets, clientId, prefix, qos, retain, maxWaiting, discoveryPrefix }: MqttConfig,
  { logger, telemetry, node }: Parameters<typeof startMqtt>[1],
): MqttPublisher {
  const topics = topicsOf(prefix, node);
  return new MqttPublisher({
    url,
    statusTopic: topics.status,
    qos,
    retain,
    isKept: (topic) => topic === topics.status || topic.startsWith(`${discoveryPrefix}/`),
    maxWaiting,
    // Of several, each knows its own cameras: what the others keep is not left over.
    leftovers:
      node === undefined
        ? {
            discovery: discoveryPrefix === null ? [] : [discoveryFilter(discoveryPrefix, prefix)],
            states: topics.leftovers,
          }
        : { discovery: [], states: [] },
    connect: (link) =>
      openLink({
        ...link,
        ...secrets,
        url,
        username,
        clientId: node === undefined ? clientId : `${clientId}-${node}`,
        timeoutMs: TIMEOUT_MS,
      }),
    clock: SYSTEM_CLOCK,
    random: Math.random,
    onConnected: (connected) => telemetry.brokerConnected(MQTT_TARGET, connected),
    onOutcome: (outcome) => telemetry.notified(MQTT_TARGET, outcome),
    onWaiting: (waiting) => telemetry.notifyQueue(MQTT_TARGET, waiting),
    warn: (line) => logger.warn(line),
    info: (line) => logger.info(line),
  });
}

function warnOfPlainPassword({ url, secrets }: MqttConfig, logger: Pick<Logger, 'warn'>): void {
  const { protocol, hostname } = new URL(url);
  if (secrets.password === null || /^(mqtts|wss):$/.test(protocol) || isLoopback(hostname)) return;
  logger.warn(`mqtt: the password goes to ${url} unencrypted; use mqtts:// where the broker can`);
}
