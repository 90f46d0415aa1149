import { backoffMs } from '../domain/backoff.js';
import { decodeBinary, encodeBinary } from '../protocol/binary.js';
import { CLOSE_CODES, PROTOCOL_VERSION, SUBPROTOCOL } from '../protocol/constants.js';
import type { ClientMessage, PreviewHeader, ServerMessage } from '../protocol/messages.js';
import { Emitter } from './emitter.js';
import { SubscriptionState } from './subscription-state.js';
import type {
  ClientEvents,
  ConnectionStatus,
  EpisodeMessage,
  InsightMessage,
  MienClient,
  MienClientOptions,
  RemovedMessage,
  RuleMessage,
  StateMessage,
  SubscribeRequest,
  Subscription,
  SubscriptionMessage,
  WelcomeMessage,
} from './types.js';
import { OPEN, platformWebSocket, socketUrl, type WebSocketConstructor, type WebSocketLike } from './web-socket.js';

/** Codes after which trying again cannot help. */
const FINAL_CODES: readonly number[] = [CLOSE_CODES.unauthorised, CLOSE_CODES.protocol];
/** Pushed bytes that may wait in the socket before newer pictures are refused. */
const PUSH_BACKLOG_BYTES = 512 * 1024;

/** One connection after another, and the subscriptions that outlive them. */
class Client implements MienClient {
  status: ConnectionStatus = { status: 'connecting', reason: null, code: null, retryInMs: null };
  welcome: WelcomeMessage | null = null;
  clockOffsetMs = 0;
  readonly #events = new Emitter<ClientEvents>();
  readonly #subscriptions = new Map<string, SubscriptionState>();
  readonly #url: string;
  readonly #WebSocket: WebSocketConstructor;
  #socket: WebSocketLike | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #nextId = 1;
  #pingedAtMs = 0;
  /** Highest sequence number of this connection. */
  #seq = 0;
  /** Messages still to come that repeat the past for one subscription. */
  #replay: { readonly id: string; left: number } | null = null;

  constructor(private readonly options: MienClientOptions) {
    this.#url = socketUrl(options.url);
    this.#WebSocket = options.WebSocket ?? platformWebSocket();
    this.#connect();
  }

  ready(): Promise<WelcomeMessage> {
    if (this.welcome) return Promise.resolve(this.welcome);
    return new Promise((resolve, reject) => {
      const stop: (() => void)[] = [
        this.on('welcome', (welcome) => {
          for (const end of stop) end();
          resolve(welcome);
        }),
        this.on('status', ({ status, reason }) => {
          if (status !== 'closed') return;
          for (const end of stop) end();
          reject(new Error(reason ?? 'closed'));
        }),
      ];
      if (this.status.status === 'closed') reject(new Error(this.status.reason ?? 'closed'));
    });
  }

  on<E extends keyof ClientEvents>(event: E, listener: (message: ClientEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  subscribe(request: SubscribeRequest, listener?: (message: SubscriptionMessage) => void): Subscription {
    const state = new SubscriptionState(`s${this.#nextId++}`, request, listener);
    this.#subscriptions.set(state.id, state);
    if (this.status.status === 'open') this.#ask(state);
    return state.handle(() => {
      state.close();
      if (!this.#subscriptions.delete(state.id)) return;
      if (this.status.status === 'open') this.#send({ type: 'unsubscribe', id: state.id });
    });
  }

  pushJpeg(source: string, jpeg: Uint8Array): boolean {
    const socket = this.#socket;
    if (this.status.status !== 'open' || socket?.readyState !== OPEN) return false;
    if (socket.bufferedAmount > PUSH_BACKLOG_BYTES) return false;
    socket.send(encodeBinary({ type: 'push', source }, jpeg));
    return true;
  }

  close(): void {
    this.#end('closed by this client', 1000);
  }

  #connect(): void {
    this.#setStatus({ status: 'connecting', retryInMs: null });
    const socket = new this.#WebSocket(this.#url, [SUBPROTOCOL]);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    let problem: string | null = null;
    const mine = (): boolean => this.#socket === socket;
    socket.onopen = () => {
      if (!mine()) return;
      const { token, name } = this.options;
      this.#send({ type: 'hello', v: PROTOCOL_VERSION, ...(token && { token }), ...(name && { client: name }) });
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (!mine()) return;
      this.#watchSilence();
      if (typeof data === 'string') this.#receive(JSON.parse(data) as ServerMessage);
      else this.#receivePreview(new Uint8Array(data as ArrayBuffer));
    };
    // Browsers tell nothing here; ws tells "ECONNREFUSED" or the HTTP status.
    socket.onerror = (event: { message?: string }) => {
      problem = event.message || problem;
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      if (mine()) this.#lost(reason || problem || 'the connection was lost', code);
    };
    this.#watchSilence();
  }

  /** Too long without a message: ask; still nothing: the connection is dead though nobody said so. */
  #watchSilence(): void {
    const silenceMs = this.options.silenceMs ?? 10_000;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.status.status === 'open') {
        this.#pingedAtMs = Date.now();
        this.#send({ type: 'ping', id: 0 });
      }
      this.#timer = setTimeout(() => this.#lost('no answer from the server', 1006), silenceMs);
    }, silenceMs);
  }

  #lost(reason: string, code: number): void {
    if (FINAL_CODES.includes(code)) {
      this.#end(reason, code);
      return;
    }
    this.#drop();
    const { firstMs, longestMs } = this.options.backoff ?? { firstMs: 250, longestMs: 10_000 };
    const retryInMs = backoffMs(this.#attempt++, { firstMs, longestMs, random: Math.random() });
    this.#timer = setTimeout(() => this.#connect(), retryInMs);
    this.#setStatus({ status: 'waiting', reason, code, retryInMs });
  }

  #end(reason: string, code: number): void {
    if (this.status.status === 'closed') return;
    this.#drop(code);
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    this.#setStatus({ status: 'closed', reason, code, retryInMs: null });
  }

  #drop(code = 1000): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#replay = null;
    for (const subscription of this.#subscriptions.values()) subscription.confirmed = false;
    socket?.close(code === 1000 ? code : undefined);
  }

  #setStatus(more: Partial<ConnectionStatus>): void {
    this.status = { ...this.status, ...more };
    this.#events.emit('status', this.status);
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  #ask(state: SubscriptionState): void {
    this.#send(state.subscribeMessage({ epoch: this.welcome!.epoch, seq: this.#seq }));
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#welcomed(message);
        break;
      case 'subscribed':
        this.#confirmed(message);
        break;
      case 'pong':
        if (this.#pingedAtMs > 0) this.clockOffsetMs = message.atMs - (Date.now() + this.#pingedAtMs) / 2;
        break;
      case 'episode':
      case 'insight':
      case 'rule':
      case 'state':
      case 'removed':
        this.#receiveDurable(message);
        break;
      case 'faces':
      case 'writing':
      case 'stats':
        this.#deliver(message);
        break;
      case 'notice':
        this.#events.emit('notice', message);
        break;
      case 'error':
        this.#events.emit('error', message);
        break;
      // A newer server may say more: nothing to do with it.
    }
  }

  #welcomed(message: WelcomeMessage): void {
    this.welcome = message;
    this.clockOffsetMs = message.atMs - Date.now();
    this.#attempt = 0;
    this.#seq = message.seq;
    for (const subscription of this.#subscriptions.values()) this.#ask(subscription);
    this.#setStatus({ status: 'open', retryInMs: null });
    this.#events.emit('welcome', message);
  }

  #confirmed(message: Extract<ServerMessage, { type: 'subscribed' }>): void {
    const subscription = this.#subscriptions.get(message.id);
    this.#replay = message.replayed > 0 ? { id: message.id, left: message.replayed } : null;
    if (!subscription) return;
    subscription.confirmed = true;
    if (!this.#replay) subscription.told(this.welcome!.epoch, this.#seq);
    if (!message.gap) return;
    const gap = { type: 'gap', id: message.id } as const;
    this.#events.emit('gap', gap);
    subscription.deliver(gap);
  }

  #receiveDurable(message: EpisodeMessage | InsightMessage | RuleMessage | StateMessage | RemovedMessage): void {
    this.#seq = Math.max(this.#seq, message.seq);
    const replay = this.#replay;
    if (replay) {
      if (--replay.left === 0) this.#replay = null;
      this.#emit(message);
      this.#subscriptions.get(replay.id)?.deliver(message);
    } else this.#deliver(message);
    for (const subscription of this.#subscriptions.values()) {
      // One whose replay is not over resumes where it did before.
      if (subscription.confirmed && subscription.id !== this.#replay?.id) {
        subscription.told(this.welcome!.epoch, this.#seq);
      }
    }
  }

  #receivePreview(bytes: Uint8Array): void {
    const decoded = decodeBinary(bytes);
    if (!decoded) return;
    this.#deliver({ ...(decoded.header as PreviewHeader), jpeg: decoded.body });
  }

  #deliver(message: SubscriptionMessage): void {
    this.#emit(message);
    for (const subscription of [...this.#subscriptions.values()]) {
      if (subscription.confirmed && subscription.wants(message)) subscription.deliver(message);
    }
  }

  #emit(message: SubscriptionMessage): void {
    this.#events.emit(message.type, message as never);
  }
}

/**
 * Connects to a mien server and stays connected: lost connections come back with growing waits, subscriptions are made
 * again and miss no episode that the server still remembers. Works in browsers and in Node.
 *
 * Throws TypeError for an address that is none, or where there is no WebSocket.
 */
export function connect(options: MienClientOptions): MienClient {
  return new Client(options);
}
