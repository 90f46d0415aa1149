import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as a receiver got it. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP receiver that can be up or down at one loopback port. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  #server: Server | undefined;
  #port = 0;
  #look: () => void = () => undefined;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/mien`;
  }

  async up(): Promise<void> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        this.received.push({ headers: request.headers, body });
        response.writeHead(204).end();
        this.#look();
      });
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  /** Resolves when the predicate accepts what was received. */
  until(accepts: (received: readonly Received[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => accepts(this.received) && resolve();
      this.#look();
    });
  }
}

/** As docs/rules.md tells receivers to check a signature. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['mien-signature'])) ?? [];
  if (seconds === undefined || Math.abs(Date.now() / 1000 - Number(seconds)) > 300) return false;
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex') === digest;
}
