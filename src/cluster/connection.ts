import {
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node';
import { type Observable, Subject } from 'rxjs';
import { AffectError, errorWords } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import { untilAborted } from '../rx/until-aborted.js';
import { type BusNames, busNames } from './names.js';

/** How a bus is reached. */
export interface BusOptions {
  readonly servers: readonly string[];
  readonly site: string;
  /** Shown by the bus in its list of clients. */
  readonly node: string;
  /** Null: `secret` is a token. */
  readonly username: string | null;
  readonly secret: string | null;
  /** PEM; null where there is none. */
  readonly tls: { readonly ca: string | null; readonly cert: string | null; readonly key: string | null };
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** A connection to the bus that comes back by itself until it is closed. */
export interface Bus {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly buckets: Kvm;
  readonly names: BusNames;
  /** Whether it is connected now. */
  readonly connected: boolean;
  /** Since when, performance.now() scale; null while it is not. */
  readonly connectedSinceMs: number | null;
  /** Each time it is connected again. */
  readonly returns: Observable<void>;
  /** Sends what waits, and ends. Idempotent. */
  close(): Promise<void>;
}

/** Patience for an answer of the bus. */
const TIMEOUT_MS = 5_000;
const RECONNECT_MS = 250;
/** A connection on which nothing comes back for two of these is given up. */
const PING_MS = 2_000;
/** Time to send what waits. */
const DRAIN_MS = 1_000;

/** Error codes of JetStream that say that nothing is wrong but the moment. */
export const WRONG_LAST_SEQUENCE = 10071;

/** Whether the bus refused a write because somebody else wrote first. */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE;
}

/**
 * Connects to the bus, and waits for one that is not there yet. Throws INTERRUPTED when the signal aborts first,
 * SERVER_UNREACHABLE when the bus refuses (credentials, no JetStream).
 */
export async function openBus(options: BusOptions, signal: AbortSignal): Promise<Bus> {
  const { servers, site, logger } = options;
  const place = servers.join(', ');
  const waiting = setTimeout(() => logger.warn(`bus ${place}: not reached yet; still trying`), TIMEOUT_MS);
  const opening = connect(connectionOptions(options));
  let connection: NatsConnection;
  try {
    connection = await untilAborted(opening, signal, () => new AffectError('INTERRUPTED', 'mien is stopping'));
  } catch (error) {
    if (signal.aborted) opening.then((late) => late.close()).catch(() => undefined);
    if (error instanceof AffectError) throw error;
    throw new AffectError(
      'SERVER_UNREACHABLE',
      `bus ${place}: ${errorWords(error)}; check cluster.servers and its secret`,
    );
  } finally {
    clearTimeout(waiting);
  }
  try {
    const manager = await jetstreamManager(connection, { timeout: TIMEOUT_MS });
    return createBus(connection, manager, { names: busNames(site), place, logger });
  } catch (error) {
    await connection.close();
    throw new AffectError(
      'SERVER_UNREACHABLE',
      `bus ${place}: no JetStream (${errorWords(error)}); start nats-server with -js`,
    );
  }
}

function connectionOptions({ servers, site, node, username, secret, tls }: BusOptions): ConnectionOptions {
  const login = username === null ? { token: secret } : { user: username, pass: secret };
  const files = Object.entries(tls).filter(([, text]) => text !== null);
  return {
    servers: [...servers],
    name: `mien ${site} ${node}`,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: 2,
    timeout: TIMEOUT_MS,
    ...(secret === null ? {} : (login as ConnectionOptions)),
    ...(files.length === 0 && !servers.some((url) => url.startsWith('tls:')) ? {} : { tls: Object.fromEntries(files) }),
  };
}

function createBus(
  connection: NatsConnection,
  manager: JetStreamManager,
  { names, place, logger }: { readonly names: BusNames; readonly place: string; readonly logger: BusOptions['logger'] },
): Bus {
  const returns = new Subject<void>();
  let connectedSinceMs: number | null = performance.now();
  const follow = async (): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' && connectedSinceMs !== null) {
        connectedSinceMs = null;
        logger.warn(`bus ${place}: the connection is lost; trying again`);
      }
      if (type === 'reconnect') {
        connectedSinceMs = performance.now();
        logger.info(`bus ${place}: connected again`);
        returns.next();
      }
    }
  };
  void follow();
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    returns.complete();
    if (connectedSinceMs !== null) await Promise.race([connection.drain().catch(() => undefined), wait(DRAIN_MS)]);
    await connection.close().catch(() => undefined);
  };
  return {
    connection,
    jetstream: jetstream(connection, { timeout: TIMEOUT_MS }),
    manager,
    buckets: new Kvm(connection),
    names,
    get connected() {
      return connectedSinceMs !== null;
    },
    get connectedSinceMs() {
      return connectedSinceMs;
    },
    returns,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
