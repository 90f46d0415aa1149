import type { IClientOptions, MqttClient } from 'mqtt';
import type { MqttQos } from '../../domain/mqtt.js';
import { networkProblem } from '../network-problem.js';
import { type BrokerAddress, openStream } from './open-stream.js';

export interface LinkOptions extends BrokerAddress {
  readonly clientId: string;
  readonly username: string | null;
  readonly password: string | null;
  /** Published, retained, by the broker when this connection is lost. */
  readonly will: { readonly topic: string; readonly payload: string };
  /** Patience for the connection and for the answer of the broker. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** @param retained - the broker had kept it */
  readonly onMessage: (topic: string, payload: string, retained: boolean) => void;
}

/** One connection to a broker, from its greeting to its end. It is not opened again: who has it opens another. */
export interface MqttLink {
  /** Resolves, never rejects, when the connection is over; with why, in a few words. */
  readonly closed: Promise<string>;
  /** `done` is called when the broker has it; never, when the connection ends before. */
  publish(message: { topic: string; payload: string; qos: MqttQos; retain: boolean }, done: () => void): void;
  /** Rejects when the broker refuses, or the connection ends before. */
  subscribe(filters: readonly string[]): Promise<void>;
  unsubscribe(filters: readonly string[]): Promise<void>;
  /** Takes leave, so that the broker publishes no last will, or ends at once when that takes long. Idempotent. */
  end(): Promise<void>;
}

const KEEPALIVE_SECONDS = 30;
const LEAVE_MS = 500;
const CLOSED = 'the connection was closed';

/** Connects and is greeted. Rejects with an Error whose `code` or message says why. */
export async function openLink(options: LinkOptions): Promise<MqttLink> {
  // Loaded where a broker is configured only: it is large.
  const { MqttClient: Client } = await import('mqtt');
  const stream = await openStream(options, AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]));
  const { clientId, username, password, will, timeoutMs, onMessage } = options;
  const settings: IClientOptions = {
    clientId,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: timeoutMs,
    clean: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
  const client = new Client(() => stream as MqttClient['stream'], settings);
  let problem: Error | undefined;
  client.on('error', (error) => {
    problem ??= error as Error;
  });
  client.on('message', (topic, payload, { retain }) => onMessage(topic, payload.toString(), retain));
  const closed = new Promise<string>((resolve) => {
    client.once('close', () => resolve(problem ? brokerProblem(problem) : CLOSED));
  });
  await greeted(client, options.signal, () => problem);
  return linkOf(client, closed);
}

function greeted(client: MqttClient, signal: AbortSignal, problem: () => Error | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      signal.removeEventListener('abort', stop);
      client.off('close', stop).off('error', stop);
      end();
    };
    const stop = (): void =>
      settle(() => {
        client.end(true);
        reject(problem() ?? new Error(CLOSED));
      });
    signal.addEventListener('abort', stop, { once: true });
    client.once('close', stop).once('error', stop);
    client.once('connect', () => settle(resolve));
  });
}

function linkOf(client: MqttClient, closed: Promise<string>): MqttLink {
  const untilClosed = async (work: Promise<unknown>): Promise<void> => {
    const over = closed.then((why) => Promise.reject(new Error(why)));
    await Promise.race([work, over]);
  };
  let ended: Promise<void> | undefined;
  return {
    closed,
    publish({ topic, payload, qos, retain }, done) {
      client.publish(topic, payload, { qos, retain }, (error) => {
        if (!error) done();
      });
    },
    subscribe: (filters) => untilClosed(client.subscribeAsync([...filters], { qos: 0 })),
    unsubscribe: (filters) => untilClosed(client.unsubscribeAsync([...filters])),
    end() {
      ended ??= new Promise((resolve) => {
        const give = setTimeout(() => client.stream.destroy(), LEAVE_MS);
        void closed.then(() => {
          clearTimeout(give);
          resolve();
        });
        client.end(!client.connected);
      });
      return ended;
    },
  };
}

/** Answers of a broker to a greeting (MQTT 3.1.1, 3.2.2.3). */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'the broker does not speak MQTT 3.1.1',
  2: 'the broker refuses the client id',
  3: 'the broker is not available',
  4: 'the broker refuses the user name or password',
  5: 'the broker does not let this user in',
};

/** Why a connection failed, in words without anything secret. */
export function brokerProblem(error: unknown): string {
  const { code, message, name } = error as { code?: number | string; message: string; name: string };
  if (typeof code === 'number') return REFUSALS[code] ?? `the broker refuses the connection (${code})`;
  if (message === CLOSED) return CLOSED;
  if (name === 'TimeoutError' || /timeout$/i.test(message)) return 'no answer in time';
  if (code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return `the certificate of the broker is not trusted (${code}); see mqtt.tls.ca`;
  }
  return networkProblem(error, 'cannot be reached');
}
