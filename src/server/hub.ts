import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Subscription as RxSubscription } from 'rxjs';
import type { WebSocket } from 'ws';
import type { LiveEvent } from '../domain/live.js';
import { CLOSE_CODES } from '../protocol/constants.js';
import { statsFor } from './camera-view.js';
import { ClientSession } from './client-session.js';
import { encodeStats, encodeTold, encodeWriting, FacesMessages } from './encode.js';
import { PreviewFeeds } from './preview-feeds.js';
import { ReplayRing } from './replay-ring.js';
import type { SessionHost } from './session-host.js';
import type { Grant } from './tokens.js';
import { WantedCameras } from './wanted-cameras.js';

/** Connections that have brought no token yet. */
const MAX_STRANGERS = 64;

/** Kind of subscription that brings each numbered message. */
const KINDS = { episode: 'episodes', insight: 'insights', rule: 'rules', state: 'states', removed: 'states' } as const;

/** Between the live system and the clients of the WebSocket: everything is encoded once, and goes to who asked for it. */
export class Hub implements SessionHost {
  readonly epoch: string;
  readonly ring: ReplayRing;
  readonly previews: PreviewFeeds;
  readonly #sessions = new Set<ClientSession>();
  readonly #events: RxSubscription;
  readonly #statsTimer: NodeJS.Timeout;
  readonly #heartbeat: NodeJS.Timeout;
  #closed = false;

  constructor(readonly options: SessionHost['options']) {
    const { system, limits } = options;
    this.epoch = system.numbering?.epoch ?? randomUUID();
    this.ring = new ReplayRing(limits, system.numbering?.before);
    this.previews = new PreviewFeeds(system);
    this.#events = system.events.subscribe({
      next: (event) => {
        try {
          this.#tell(event);
        } catch (error) {
          // One event that cannot be told must not end the others.
          options.logger.warn(`the ${event.type} event could not be sent: ${String(error)}`);
        }
      },
      error: (error: unknown) => options.logger.warn(`live events ended: ${String(error)}`),
    });
    this.#statsTimer = setInterval(() => this.#everySecond(), limits.statsIntervalMs);
    this.#heartbeat = setInterval(() => {
      for (const session of this.#sessions) session.link.heartbeat();
    }, limits.heartbeatMs);
  }

  get clients(): number {
    let count = 0;
    for (const { welcomed } of this.#sessions) if (welcomed) count++;
    return count;
  }

  /** Messages and bytes that wait for slow clients, outside their sockets. */
  get waiting(): { readonly messages: number; readonly bytes: number } {
    let [messages, bytes] = [0, 0];
    for (const { link } of this.#sessions) {
      messages += link.outbox.waiting;
      bytes += link.outbox.waitingBytes;
    }
    return { messages, bytes };
  }

  /** False when no more connections are allowed. Strangers, who brought no token yet, never take the room of others. */
  hasRoom(stranger: boolean): boolean {
    let strangers = 0;
    for (const session of this.#sessions) if (session.stranger) strangers++;
    return stranger ? strangers < MAX_STRANGERS : this.#sessions.size - strangers < this.options.limits.maxClients;
  }

  /** Takes over an upgraded connection. @param grant - of the token it brought; null: the hello must bring one */
  accept(socket: WebSocket, request: IncomingMessage, grant: Grant | null): void {
    if (this.#closed) {
      socket.close(CLOSE_CODES.shutdown, 'the server shuts down');
      return;
    }
    const session = new ClientSession({
      host: this,
      socket,
      raw: request.socket,
      grant,
      onEnd: () => {
        this.#sessions.delete(session);
        this.wantsChanged();
      },
    });
    this.#sessions.add(session);
  }

  wantsChanged(): void {
    const { system } = this.options;
    if (!system.want) return;
    const wanted = { faces: new WantedCameras(), landmarks: new WantedCameras() };
    for (const session of this.#sessions) session.addWants(wanted);
    system.want({ faces: wanted.faces.cameras, landmarks: wanted.landmarks.cameras });
  }

  /** Says goodbye to all. */
  close(): void {
    this.#closed = true;
    this.#events.unsubscribe();
    clearInterval(this.#statsTimer);
    clearInterval(this.#heartbeat);
    for (const session of [...this.#sessions])
      session.link.end('shutdown', CLOSE_CODES.shutdown, 'the server shuts down');
  }

  #tell(event: LiveEvent): void {
    if (event.type === 'faces') {
      const messages = new FacesMessages(event, Date.now());
      const nowMs = performance.now();
      for (const session of this.#sessions) session.tellFaces(event, messages, nowMs);
      return;
    }
    if (event.type === 'writing') {
      const data = encodeWriting(event);
      for (const session of this.#sessions) session.tellWriting(event, data);
      return;
    }
    if (event.type === 'silent') return; // Told in states.
    const source = event.type === 'state' ? event.state.id : event.source;
    const episode = event.type === 'episode' ? { episode: event.episode } : {};
    const { numbered } = event;
    const about = { kind: KINDS[event.type], source, atMs: numbered?.atMs ?? Date.now(), ...episode };
    const message = this.ring.add(about, (seq) => encodeTold(event, seq), numbered?.seq);
    for (const session of this.#sessions) session.tell(event.type, message);
  }

  #everySecond(): void {
    const { system } = this.options;
    let encoded: Buffer | null = null;
    for (const session of this.#sessions) {
      session.link.drain();
      if (!session.wantsStats) continue;
      if (session.cameras !== null) {
        session.tellStats(encodeStats(statsFor(system.stats(), session.cameras), this.clients, Date.now()));
        continue;
      }
      encoded ??= encodeStats(system.stats(), this.clients, Date.now());
      session.tellStats(encoded);
    }
  }
}
