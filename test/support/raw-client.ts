import { WebSocket } from 'ws';

type Json = Record<string, unknown> & { readonly type: string };

/** A WebSocket client that sends whatever a test wants, and keeps what it gets. */
export class RawClient {
  readonly messages: Json[] = [];
  readonly binary: Buffer[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** HTTP status that refused the upgrade; 0 when it was accepted. */
  readonly opened: Promise<number>;
  readonly #waiting = new Set<() => void>();

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.binary.push(data);
      else this.messages.push(JSON.parse(data.toString('utf8')) as Json);
      for (const look of [...this.#waiting]) look();
    });
    this.opened = new Promise((resolve, reject) => {
      socket.on('open', () => resolve(0));
      socket.on('unexpected-response', (request, response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      socket.on('error', reject);
    });
    // A refusal without an answer is seen by who awaits it.
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static to(
    url: string,
    options: { readonly protocols?: string[]; readonly headers?: Record<string, string>; readonly path?: string } = {},
  ): RawClient {
    const { protocols = ['mien.v1'], headers = {}, path = '/ws' } = options;
    return new RawClient(new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols, { headers }));
  }

  /** Connected and welcomed. */
  static async welcomed(url: string, hello: object = {}): Promise<RawClient> {
    const client = RawClient.to(url);
    await client.opened;
    client.say({ type: 'hello', v: 1, ...hello });
    await client.next('welcome');
    return client;
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** The first message that fits, also one that came before. */
  next(type: string, fits: (message: Json) => boolean = () => true): Promise<Json> {
    return this.when(() => this.messages.find((message) => message.type === type && fits(message)));
  }

  /** What `look` finds, as soon as it finds something; it is asked after each message. */
  when<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const again = (): void => {
        const found = look();
        if (found === undefined) return;
        this.#waiting.delete(again);
        resolve(found);
      };
      this.#waiting.add(again);
      again();
    });
  }

  /** Resolves when the server has handled everything sent so far. */
  async settled(): Promise<void> {
    const id = this.messages.length + 1;
    this.say({ type: 'ping', id });
    await this.next('pong', (message) => message.id === id);
  }
}
