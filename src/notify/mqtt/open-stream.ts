import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import { assertAllowedHost, guardedLookup } from '../address-guard.js';

export interface BrokerAddress {
  /** mqtt, mqtts, ws or wss; without credentials. */
  readonly url: string;
  /** PEM; null: the authorities of Node, and no certificate of our own. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/**
 * Opens a connection to a broker; in TLS, its certificate has been checked before anything is written. Rejects with what
 * the system says, or when the signal aborts.
 */
export function openStream({ url, ca, cert, key }: BrokerAddress, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const { protocol, hostname, port } = new URL(url);
    assertAllowedHost(hostname);
    const host = hostname.replace(/^\[|\]$/g, '');
    const tls = {
      ...(ca === null ? {} : { ca }),
      ...(cert === null || key === null ? {} : { cert, key }),
      lookup: guardedLookup,
    };
    const { stream, opened } = open();
    const stop = (): void => fail(signal.reason as Error);
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', stop);
      stream.destroy();
      reject(error);
    };
    signal.addEventListener('abort', stop, { once: true });
    // It stays: an error that follows the first must find a listener, too.
    stream.on('error', fail);
    opened(() => {
      signal.removeEventListener('abort', stop);
      resolve(stream);
    });

    function open(): { readonly stream: Duplex; readonly opened: (run: () => void) => void } {
      if (protocol === 'mqtt:') {
        const socket = connectTcp({ host, port: Number(port || 1883), lookup: guardedLookup });
        return { stream: socket, opened: (run) => socket.once('connect', run) };
      }
      if (protocol === 'mqtts:') {
        const socket = connectTls({ host, port: Number(port || 8883), ...tls });
        return { stream: socket, opened: (run) => socket.once('secureConnect', run) };
      }
      const socket = new WebSocket(url, ['mqtt'], { ...tls, maxPayload: 2 ** 20, perMessageDeflate: false });
      return { stream: createWebSocketStream(socket), opened: (run) => socket.once('open', run) };
    }
  });
}
