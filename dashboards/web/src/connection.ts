import { connect } from '../../../src/client/mien-client.js';
import type {
  ConnectionStatus,
  MienClient,
  PreviewMessage,
  SubscribeRequest,
  Subscription,
} from '../../../src/client/types.js';
import { CLOSE_CODES } from '../../../src/protocol/constants.js';
import type { Wishes } from './model/subscription.js';
import { subscriptionsFor } from './model/subscription.js';
import type { ServerMessage } from './model/wire.js';

export interface ConnectionListener {
  message(message: ServerMessage): void;
  picture(message: PreviewMessage): void;
  status(status: ConnectionStatus): void;
  /** Events were missed for good. */
  gap(): void;
  /** The server wants a token, or another one. */
  refused(): void;
}

const KINDS = [
  'welcome',
  'faces',
  'episode',
  'insight',
  'writing',
  'rule',
  'state',
  'removed',
  'stats',
  'notice',
  'error',
] as const;

/** What was last asked for, and the subscription that it became. */
interface Asked {
  readonly request: string;
  readonly subscription: Subscription | null;
}
const NOTHING: Asked = { request: 'null', subscription: null };

/** The page's one connection and its subscriptions, each made anew when what the page wants of it changes. */
export class Connection {
  #client: MienClient | null = null;
  #readings = NOTHING;
  #pictures = NOTHING;

  constructor(private readonly listener: ConnectionListener) {}

  get status(): ConnectionStatus {
    return this.#client?.status ?? { status: 'connecting', reason: null, code: null, retryInMs: null };
  }

  open(token: string | null): void {
    this.#client?.close();
    this.#readings = NOTHING;
    this.#pictures = NOTHING;
    const client = connect({
      // Beside the page, whatever path a proxy gives it.
      url: new URL('ws', document.baseURI).href,
      name: 'dashboard',
      ...(token === null ? {} : { token }),
    });
    this.#client = client;
    const mine = (): boolean => this.#client === client;
    for (const kind of KINDS) client.on(kind, (message) => mine() && this.listener.message(message));
    client.on('preview', (message) => {
      // Pictures of an older wish (unblurred, perhaps) that were still on their way are not shown.
      if (mine() && message.id === this.#pictures.subscription?.id) this.listener.picture(message);
    });
    client.on('gap', () => mine() && this.listener.gap());
    client.on('status', (status) => {
      if (!mine()) return;
      this.listener.status(status);
      if (status.status === 'closed' && status.code === CLOSE_CODES.unauthorised) this.listener.refused();
    });
  }

  /** Subscribes to what the page wants now; the same wish twice is sent once. */
  want(wishes: Wishes): void {
    const client = this.#client;
    if (!client) return;
    const { readings, pictures } = subscriptionsFor(wishes);
    this.#readings = asking(client, this.#readings, readings);
    this.#pictures = asking(client, this.#pictures, pictures);
  }

  push(source: string, jpeg: Uint8Array): boolean {
    return this.#client?.pushJpeg(source, jpeg) ?? false;
  }
}

function asking(client: MienClient, before: Asked, wanted: SubscribeRequest | null): Asked {
  const request = JSON.stringify(wanted);
  if (request === before.request) return before;
  const subscription = wanted && client.subscribe(wanted, () => undefined);
  // The new one first: nothing is missed between them.
  before.subscription?.close();
  return { request, subscription };
}
