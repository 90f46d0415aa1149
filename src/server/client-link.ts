import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { ServerLimits } from '../domain/server-limits.js';
import type { Telemetry } from '../domain/telemetry.js';
import { CLOSE_CODES } from '../protocol/constants.js';
import type { ServerMessage } from '../protocol/messages.js';
import { encodeMessage } from './encode.js';
import { type Decision, Outbox, type Outgoing } from './outbox.js';

export type LeaveReason = Parameters<Telemetry['clientLeft']>[0];

/** After the close frame, for the client to answer; a stalled one never does. */
const GOODBYE_MS = 1000;
/** TCP chunks are counted whole: a message's last one may hold the start of the next. */
const CHUNK_SLACK_BYTES = 64 * 1024;
/** Between notices that messages were left out. */
const NOTICE_MS = 5000;

/** The way to one client: socket, outbox, heartbeat, and an end that happens once. */
export class ClientLink {
  readonly outbox: Outbox;
  /** Longest message that may be gathered from this client; raised for those who may push pictures. */
  maxMessageBytes: number;
  #alive = true;
  #ended = false;
  #gathered = 0;
  #leftOut = 0;
  #noticedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: {
      readonly socket: WebSocket;
      readonly raw: Socket;
      readonly limits: ServerLimits;
      readonly telemetry: Telemetry;
      readonly onEnd: (reason: LeaveReason) => void;
    },
  ) {
    const { socket, raw, limits, telemetry } = options;
    this.outbox = new Outbox(limits);
    this.maxMessageBytes = limits.maxTextBytes;
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('message', () => {
      this.#gathered = 0;
    });
    // ws gathers up to its own limit, which is for pictures: others are stopped earlier, before they are whole.
    raw.on('data', (chunk: Buffer) => {
      this.#gathered += chunk.length;
      if (this.#gathered <= this.maxMessageBytes + CHUNK_SLACK_BYTES) return;
      telemetry.refused('payload');
      this.end('protocol', CLOSE_CODES.tooLarge, 'message too large');
    });
    // ws has closed it already: wrong frames, wrong UTF-8, a message over its limit.
    socket.on('error', (error: Error & { code?: string }) => {
      telemetry.refused(error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'payload' : 'malformed');
      this.end('protocol');
    });
    socket.on('close', () => this.end('closed'));
  }

  get ended(): boolean {
    return this.#ended;
  }

  send(message: Outgoing): void {
    if (!this.#ended) this.#apply(this.outbox.offer(message, this.options.socket.bufferedAmount, performance.now()));
  }

  /** A message that must arrive, for this client alone. */
  say(message: ServerMessage): void {
    this.send({ kind: message.type, key: null, data: encodeMessage(message), binary: false, arrivedAtMs: null });
  }

  /** Writes what may be written now. */
  readonly drain = (): void => {
    if (!this.#ended && this.outbox.waiting > 0) {
      this.#apply(this.outbox.drain(this.options.socket.bufferedAmount, performance.now()));
    }
  };

  /** Pings; ends a client that did not answer the last ping. */
  heartbeat(): void {
    if (!this.#alive) {
      this.end('idle');
      this.options.socket.terminate();
      return;
    }
    this.#alive = false;
    this.options.socket.ping();
  }

  /** Ends the connection, once. Without a code it is over already. */
  end(reason: LeaveReason, code?: number, text = ''): void {
    if (this.#ended) return;
    this.#ended = true;
    const { socket, onEnd } = this.options;
    if (code !== undefined) socket.close(code, text);
    const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
    socket.once('close', () => clearTimeout(timer));
    onEnd(reason);
  }

  #apply({ send, dropped, hopeless }: Decision): void {
    const { telemetry } = this.options;
    for (const message of send) this.#write(message);
    if (dropped) {
      telemetry.messageDropped(dropped.kind, 'slow-client');
      this.#leftOut++;
    }
    if (hopeless) this.end('slow', CLOSE_CODES.slow, 'slow');
    else if (this.#leftOut > 0 && this.outbox.waiting === 0) this.#noticeLeftOut();
  }

  #write({ data, binary, kind, arrivedAtMs }: Outgoing): void {
    const { socket, telemetry } = this.options;
    socket.send(data, { binary, compress: false }, this.drain);
    telemetry.messageSent(kind);
    if (arrivedAtMs !== null) telemetry.deliveryLatency(performance.now() - arrivedAtMs);
  }

  #noticeLeftOut(): void {
    const nowMs = performance.now();
    if (nowMs - this.#noticedAtMs < NOTICE_MS) return;
    this.#noticedAtMs = nowMs;
    const message = `frames or pictures were left out (${this.#leftOut}): this connection is slower than what it asks for`;
    this.#leftOut = 0;
    this.say({ type: 'notice', level: 'warning', code: 'slow', message });
  }
}
