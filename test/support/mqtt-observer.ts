import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';

export interface Observed {
  readonly topic: string;
  readonly text: string;
  /** The broker had kept it. */
  readonly retained: boolean;
}

/** A client that remembers every message below some topics, and waits for one. */
export class MqttObserver {
  readonly messages: Observed[] = [];
  readonly #client: MqttClient;
  #look = new Set<() => void>();

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload, { retain }) => {
      this.messages.push({ topic, text: payload.toString(), retained: retain });
      for (const look of [...this.#look]) look();
    });
  }

  static async connect(url: string, filters: readonly string[], options: IClientOptions = {}): Promise<MqttObserver> {
    const client = await connectAsync(url, { ...options, reconnectPeriod: 0 });
    const observer = new MqttObserver(client);
    await client.subscribeAsync([...filters], { qos: 1 });
    return observer;
  }

  /** The first message, from `from` on, that is accepted; waits for it. */
  until(accepts: (message: Observed) => boolean, from = 0): Promise<Observed> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.messages.slice(from).find(accepts);
        if (!found) return;
        this.#look.delete(look);
        resolve(found);
      };
      this.#look.add(look);
      look();
    });
  }

  /** The payload of the first message on a topic that is accepted. */
  async json<T>(topic: string, accepts: (payload: T) => boolean = () => true, from = 0): Promise<T> {
    const parsed = (message: Observed): T => JSON.parse(message.text) as T;
    return parsed(
      await this.until((message) => message.topic === topic && message.text !== '' && accepts(parsed(message)), from),
    );
  }

  publish(topic: string, text: string, retain = false): Promise<unknown> {
    return this.#client.publishAsync(topic, text, { qos: 1, retain });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
