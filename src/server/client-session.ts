import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { z } from 'zod';
import type { LandmarkChoice } from '../domain/face.js';
import type { CameraState, LiveEvent } from '../domain/live.js';
import type { Scope } from '../domain/scopes.js';
import { BINARY_OVERHEAD_BYTES } from '../protocol/binary.js';
import { CLOSE_CODES } from '../protocol/constants.js';
import type { hello, Subscribe } from '../protocol/messages.js';
import { ClientLink } from './client-link.js';
import { ClientSubscription } from './client-subscription.js';
import { type FacesMessages, plainInfo, plainState } from './encode.js';
import { parseMessage, parsePush, refOf } from './parse-message.js';
import { asProblem, Problem } from './problem.js';
import type { Remembered } from './replay-ring.js';
import type { SessionHost } from './session-host.js';
import { TokenBucket } from './token-bucket.js';
import { type CameraChoice, type Grant, sees } from './tokens.js';
import type { FacesWants } from './wanted-cameras.js';

/** A refused message counts as so many. */
const REFUSED_COST = 5;
const RICHNESS: Readonly<Record<LandmarkChoice, number>> = { none: 0, '68': 1, '468': 2 };

/** One client: from its connection over hello to its subscriptions and its end. */
export class ClientSession {
  readonly link: ClientLink;
  readonly #host: SessionHost;
  readonly #subscriptions = new Map<string, ClientSubscription>();
  readonly #bucket: TokenBucket;
  readonly #helloTimer: NodeJS.Timeout;
  #grant: Grant | null;
  #welcomed = false;

  constructor(options: {
    readonly host: SessionHost;
    readonly socket: WebSocket;
    readonly raw: Socket;
    /** Of the token that the connection brought; null: the hello must bring one. */
    readonly grant: Grant | null;
    readonly onEnd: () => void;
  }) {
    const { host, socket, raw, grant } = options;
    const { limits, telemetry } = host.options;
    this.#host = host;
    this.#grant = grant;
    const perSecond = limits.maxMessagesPerSecond;
    this.#bucket = new TokenBucket({ perSecond, burst: perSecond * 2 }, performance.now());
    this.link = new ClientLink({
      socket,
      raw,
      limits,
      telemetry,
      onEnd: (reason) => {
        clearTimeout(this.#helloTimer);
        for (const subscription of this.#subscriptions.values()) subscription.close();
        this.#subscriptions.clear();
        if (this.#welcomed) telemetry.clientLeft(reason);
        options.onEnd();
      },
    });
    this.#helloTimer = setTimeout(() => {
      this.link.end('protocol', CLOSE_CODES.helloTimeout, 'no hello in time');
    }, limits.helloTimeoutMs);
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
  }

  /** Who this is is not known yet. */
  get stranger(): boolean {
    return this.#grant === null;
  }

  /** Those that it may see. */
  get cameras(): CameraChoice {
    return this.#grant?.cameras ?? null;
  }

  get welcomed(): boolean {
    return this.#welcomed;
  }

  addWants(wanted: FacesWants): void {
    for (const subscription of this.#subscriptions.values()) subscription.addWants(wanted);
  }

  get wantsStats(): boolean {
    for (const subscription of this.#subscriptions.values()) if (subscription.has('stats')) return true;
    return false;
  }

  /** A frame, at most once, with the most landmarks that a subscription that is due asks for. */
  tellFaces(event: Extract<LiveEvent, { type: 'faces' }>, messages: FacesMessages, nowMs: number): void {
    let wanted = false;
    let landmarks: LandmarkChoice | null = null;
    for (const subscription of this.#subscriptions.values()) {
      if (!subscription.wants('faces', event.source)) continue;
      wanted = true;
      if (!subscription.due(event.source, nowMs)) continue;
      if (landmarks === null || RICHNESS[subscription.landmarks] > RICHNESS[landmarks]) {
        landmarks = subscription.landmarks;
      }
    }
    if (landmarks !== null) {
      const data = messages.of(landmarks);
      const key = `faces ${event.source}`;
      this.link.send({ kind: 'faces', key, data, binary: false, arrivedAtMs: event.arrivedAt });
    } else if (wanted) this.#host.options.telemetry.messageDropped('faces', 'rate');
  }

  /** An episode, insight, firing, state or removal, at most once. */
  tell(type: 'episode' | 'insight' | 'rule' | 'state' | 'removed', message: Remembered): void {
    for (const subscription of this.#subscriptions.values()) {
      if (!subscription.wants(message.kind, message.source)) continue;
      this.link.send({ kind: type, key: null, data: message.data, binary: false, arrivedAtMs: null });
      break;
    }
    if (type === 'state') this.#openPreviews([message.source]);
  }

  /** An answer in the making: of a slow client only the newest state of each waits. */
  tellWriting({ source, track, ptsUs, task }: Extract<LiveEvent, { type: 'writing' }>, data: Buffer): void {
    for (const subscription of this.#subscriptions.values()) {
      if (!subscription.wants('insights', source)) continue;
      const key = `writing ${source} ${track} ${ptsUs} ${task}`;
      this.link.send({ kind: 'writing', key, data, binary: false, arrivedAtMs: null });
      break;
    }
  }

  tellStats(data: Buffer): void {
    this.link.send({ kind: 'stats', key: 'stats', data, binary: false, arrivedAtMs: null });
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.link.ended) return;
    const { telemetry, limits } = this.#host.options;
    if (!this.#bucket.take(performance.now())) {
      telemetry.refused('rate');
      this.link.end('protocol', CLOSE_CODES.rate, 'too many messages');
      return;
    }
    const bytes = data as Buffer;
    if (!isBinary && bytes.length > limits.maxTextBytes) {
      telemetry.refused('payload');
      this.link.end('protocol', CLOSE_CODES.tooLarge, 'message too large');
      return;
    }
    const text = isBinary ? '' : bytes.toString('utf8');
    try {
      if (isBinary) this.#push(bytes);
      else this.#obey(text);
    } catch (error) {
      this.#refuse(error, refOf(text));
    }
  }

  #refuse(error: unknown, ref: string | null): void {
    const { telemetry, logger } = this.#host.options;
    const { code, message } = asProblem(error);
    if (code === 'BAD_REQUEST') telemetry.refused('malformed');
    if (code === 'FORBIDDEN') telemetry.refused('token');
    if (code === 'INTERNAL') logger.warn(`message of a client failed: ${String(error)}`);
    if (!this.#welcomed) {
      this.link.end('protocol', CLOSE_CODES.protocol, 'the first message must be hello, version 1');
      return;
    }
    this.#bucket.charge(performance.now(), REFUSED_COST);
    this.link.say({ type: 'error', code, message, ref });
  }

  #obey(text: string): void {
    const message = parseMessage(text);
    if (message.type === 'hello') {
      this.#greet(message);
      return;
    }
    if (!this.#welcomed) throw new Problem('BAD_REQUEST', 'the first message must be hello');
    if (message.type === 'ping') this.link.say({ type: 'pong', id: message.id, atMs: Date.now() });
    else if (message.type === 'subscribe') this.#subscribe(message);
    else this.#unsubscribe(message.id);
  }

  #unsubscribe(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) throw new Problem('BAD_REQUEST', `there is no subscription "${id}"`);
    subscription.close();
    this.#subscriptions.delete(id);
    this.#host.wantsChanged();
    this.link.say({ type: 'unsubscribed', id });
  }

  #greet({ token, client }: z.output<typeof hello>): void {
    if (this.#welcomed) throw new Problem('BAD_REQUEST', 'hello has already been sent');
    const { system, telemetry, tokens, limits, logger } = this.#host.options;
    this.#grant ??= tokens.grantOf(token ?? null);
    if (this.#grant === null) {
      telemetry.refused('token');
      const say = token === undefined ? 'a token is needed' : 'the token is not known';
      this.link.end('protocol', CLOSE_CODES.unauthorised, say);
      return;
    }
    if (this.#host.clients >= limits.maxClients) {
      telemetry.refused('too-many-clients');
      this.link.end('protocol', CLOSE_CODES.slow, 'too many clients');
      return;
    }
    clearTimeout(this.#helloTimer);
    this.#welcomed = true;
    const { scopes, name: tokenName, cameras } = this.#grant;
    if (scopes.has('push')) this.link.maxMessageBytes = limits.maxPushBytes + BINARY_OVERHEAD_BYTES;
    telemetry.clientConnected();
    if (client !== undefined) logger.info(`client ${JSON.stringify(client)} connected`);
    this.link.say({
      type: 'welcome',
      v: 1,
      epoch: this.#host.epoch,
      seq: this.#host.ring.seq,
      atMs: Date.now(),
      scopes: [...scopes],
      tokenName,
      onlyCameras: cameras && [...cameras],
      ...plainInfo(system.info),
      sources: scopes.has('read') ? this.#cameras().map(plainState) : [],
    });
  }

  #cameras(): readonly CameraState[] {
    return this.#host.options.system.cameras().filter(({ id }) => sees(this.cameras, id));
  }

  #need(scope: Scope): void {
    if (!this.#grant?.scopes.has(scope)) throw new Problem('FORBIDDEN', `this token does not allow "${scope}"`);
  }

  #subscribe(request: Subscribe): void {
    this.#need('read');
    const { limits } = this.#host.options;
    const older = this.#subscriptions.get(request.id);
    if (!older && this.#subscriptions.size >= limits.maxSubscriptionsPerClient) {
      throw new Problem(
        'BAD_REQUEST',
        `${limits.maxSubscriptionsPerClient} subscriptions are the limit: end one first`,
      );
    }
    older?.close();
    const subscription = new ClientSubscription(request, this.cameras);
    this.#subscriptions.set(request.id, subscription);
    this.#host.wantsChanged();
    const { messages, gap } = this.#missed(request);
    const replay = messages.filter(({ kind, source }) => subscription.wants(kind, source));
    const cameras = this.#cameras().map(({ id }) => id);
    const unknown = request.sources === '*' ? [] : request.sources.filter((source) => !cameras.includes(source));
    this.link.say({ type: 'subscribed', id: request.id, replayed: replay.length, gap, unknown });
    for (const { kind, data } of replay) {
      this.link.send({ kind, key: null, data, binary: false, arrivedAtMs: null });
    }
    this.#openPreviews(cameras);
  }

  #missed({ resume }: Subscribe): { readonly messages: readonly Remembered[]; readonly gap: boolean } {
    if (resume === undefined) return { messages: [], gap: false };
    if (resume.epoch !== this.#host.epoch) return { messages: [], gap: true };
    return this.#host.ring.after(resume.seq, Date.now());
  }

  #openPreviews(sources: readonly string[]): void {
    const { previews, options } = this.#host;
    for (const [id, subscription] of this.#subscriptions) {
      subscription.openPreviews(sources, (source, choice, onEnd) =>
        previews.of(source, choice).subscribe({
          next: (made) => {
            const key = `preview ${id} ${source}`;
            this.link.send({ kind: 'preview', key, data: made.of(id), binary: true, arrivedAtMs: null });
          },
          error: (error: unknown) => {
            options.logger.warn(`pictures of ${source} ended: ${asProblem(error).message}`, { camera: source });
            onEnd();
          },
          complete: onEnd,
        }),
      );
    }
  }

  #push(message: Uint8Array): void {
    if (!this.#welcomed) throw new Problem('BAD_REQUEST', 'the first message must be hello');
    this.#need('push');
    const { source, jpeg } = parsePush(message);
    const { maxPushBytes } = this.#host.options.limits;
    if (jpeg.length > maxPushBytes) {
      throw new Problem('TOO_LARGE', `the pushed picture is over ${maxPushBytes} bytes: send a smaller one`);
    }
    if (!sees(this.cameras, source)) throw new Problem('CAMERA_UNKNOWN', `there is no camera ${source}`);
    this.#host.options.system.pushFrame(source, jpeg);
  }
}
