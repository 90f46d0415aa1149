import { backoffMs } from '../../domain/backoff.js';
import type { MqttQos } from '../../domain/mqtt.js';
import type { NotifyOutcome } from '../../domain/notify-outcomes.js';
import type { Clock } from '../../rx/clock.js';
import { brokerProblem, type LinkOptions, type MqttLink } from './mqtt-link.js';
import { Outbox, type Outgoing } from './outbox.js';

export interface MqttPublisherOptions {
  /** For lines of the log; without credentials. */
  readonly url: string;
  readonly statusTopic: string;
  readonly qos: MqttQos;
  /** Of states; what is told of mien and its cameras to Home Assistant is kept always. */
  readonly retain: boolean;
  /** Topics that are kept whatever `retain` says. */
  readonly isKept: (topic: string) => boolean;
  readonly maxWaiting: number;
  /** Filters of what this installation may have left at the broker: the first lastingly, since it is rarely written. */
  readonly leftovers: { readonly discovery: readonly string[]; readonly states: readonly string[] };
  readonly connect: (options: Pick<LinkOptions, 'will' | 'signal' | 'onMessage'>) => Promise<MqttLink>;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly onConnected: (connected: boolean) => void;
  readonly onOutcome: (outcome: NotifyOutcome) => void;
  /** Messages that wait now. */
  readonly onWaiting: (waiting: number) => void;
  /** One line for an operator. */
  readonly warn: (line: string) => void;
  readonly info: (line: string) => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Messages on their way at once: enough to fill a connection, few enough to repeat after it. */
const MOST_ON_THE_WAY = 16;
/** A connection that ends sooner is a failure like one that never was: the next pause is longer. */
const BRIEF_MS = 10_000;
/** Longest time that what waits, and the farewell, may take when mien stops. */
const FAREWELL_MS = 1_500;

/** Publishes to one broker for as long as mien runs; while it is away, newest states and a bounded queue wait. */
export class MqttPublisher {
  readonly #options: MqttPublisherOptions;
  readonly #outbox: Outbox;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #link: MqttLink | undefined;
  #onTheWay = 0;
  #pumping = false;
  #dropped = false;
  /** Whether what is not told now is a leftover: cameras have all been added. */
  #settled = false;
  #onEmpty: () => void = () => undefined;
  #closed: Promise<void> | undefined;

  constructor(options: MqttPublisherOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.maxWaiting, () => this.#drop());
    this.#outbox.state(options.statusTopic, 'online');
    options.onConnected(false);
    options.onWaiting(this.waiting);
    this.#done = this.#stayConnected();
  }

  /** How something is from now on; an empty payload: it is no more. */
  state(topic: string, payload: string): void {
    if (this.#closed) return;
    this.#outbox.state(topic, payload);
    this.#pump();
  }

  /** Another process tells how it is from now on: what waits is not sent, what was sent stays. */
  leave(topic: string): void {
    this.#outbox.leave(topic);
  }

  event(topic: string, payload: string): void {
    if (this.#closed) return;
    this.#outbox.event(topic, payload);
    this.#pump();
  }

  /** Everything there is has been told once: what the broker keeps beside it is of the past, and is removed. */
  settle(): void {
    this.#settled = true;
    if (this.#link) void this.#removeLeftovers(this.#link);
  }

  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** Publishes what waits if that takes no time, says that mien is offline, and takes leave. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { statusTopic, clock } = this.#options;
    this.#outbox.state(statusTopic, 'offline');
    if (this.#link) {
      await new Promise<void>((resolve) => {
        const giveUp = clock.after(FAREWELL_MS, resolve);
        this.#onEmpty = () => {
          giveUp();
          resolve();
        };
        void this.#link?.closed.then(this.#onEmpty);
        this.#pump();
      });
    }
    this.#closing.abort();
    await this.#link?.end();
    await this.#done;
  }

  async #stayConnected(): Promise<void> {
    const { signal } = this.#closing;
    const { url, warn, random, clock, onOutcome } = this.#options;
    for (let failures = 0; !signal.aborted; failures++) {
      const beganMs = clock.nowMs();
      const { wasConnected, why } = await this.#connection(failures);
      if (signal.aborted) return;
      if (wasConnected && clock.nowMs() - beganMs > BRIEF_MS) failures = 0;
      if (failures === 0) warn(`mqtt: ${url}: ${why}; it is tried again until the broker is back`);
      onOutcome('failed');
      const pause = { firstMs: FIRST_PAUSE_MS, longestMs: LONGEST_PAUSE_MS, random: random() };
      await this.#pause(backoffMs(failures, pause));
    }
  }

  /** One connection from its beginning to its end. */
  async #connection(failures: number): Promise<{ readonly wasConnected: boolean; readonly why: string }> {
    const { connect, statusTopic, onConnected, info, url } = this.#options;
    const { signal } = this.#closing;
    let link: MqttLink;
    try {
      link = await connect({
        will: { topic: statusTopic, payload: 'offline' },
        signal,
        onMessage: (topic, payload, retained) => this.#found(topic, payload, retained),
      });
    } catch (error) {
      return { wasConnected: false, why: brokerProblem(error) };
    }
    if (signal.aborted) {
      await link.end();
      return { wasConnected: false, why: 'stopped' };
    }
    this.#link = link;
    this.#onTheWay = 0;
    this.#dropped = false;
    this.#outbox.restart();
    info(failures === 0 ? `mqtt: connected to ${url}` : `mqtt: connected to ${url} again`);
    onConnected(true);
    this.#pump();
    if (this.#settled) void this.#removeLeftovers(link);
    const why = await link.closed;
    this.#link = undefined;
    onConnected(false);
    return { wasConnected: true, why };
  }

  #pump(): void {
    const link = this.#link;
    // With QoS 0 a message is done before its sending returns: the loop below takes up the next.
    if (link && !this.#pumping) {
      this.#pumping = true;
      while (this.#onTheWay < MOST_ON_THE_WAY) {
        const message = this.#outbox.next();
        if (!message) break;
        this.#send(link, message);
      }
      this.#pumping = false;
      if (this.waiting === 0) this.#onEmpty();
    }
    this.#options.onWaiting(this.waiting);
  }

  #send(link: MqttLink, message: Outgoing): void {
    const { qos, retain, isKept, onOutcome } = this.#options;
    const { topic, payload, kind } = message;
    const kept = isKept(topic);
    this.#onTheWay++;
    // An empty payload removes what the broker keeps only if it is to be kept itself.
    const how = { qos: kept ? (1 as const) : qos, retain: kind === 'state' && (kept || retain || payload === '') };
    link.publish({ topic, payload, ...how }, () => {
      if (this.#link !== link) return;
      this.#onTheWay--;
      this.#outbox.done(message);
      onOutcome('delivered');
      this.#pump();
    });
  }

  #drop(): void {
    const { warn, maxWaiting, onOutcome } = this.#options;
    onOutcome('dropped');
    if (!this.#dropped) {
      warn(`mqtt: more than ${maxWaiting} episodes and firings wait for the broker; the oldest are dropped`);
    }
    this.#dropped = true;
  }

  /** What the broker keeps below our topics and we do not tell: of cameras and rules that are no more. */
  #found(topic: string, payload: string, retained: boolean): void {
    if (!retained || payload === '' || this.#closed || this.#outbox.tells(topic)) return;
    this.#outbox.state(topic, '');
    this.#pump();
  }

  async #removeLeftovers(link: MqttLink): Promise<void> {
    const { discovery, states } = this.#options.leftovers;
    const { statusTopic } = this.#options;
    try {
      await link.subscribe([...discovery, ...states]);
      // Brokers answer in order: once they have this, they have sent what they kept. From then on it would be our echo.
      const message = { topic: statusTopic, payload: 'online', qos: 1, retain: true } as const;
      await new Promise<void>((resolve) => link.publish(message, resolve));
      await link.unsubscribe(states);
    } catch {
      // A broker that lets us publish only: what is left there stays.
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, end);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}
