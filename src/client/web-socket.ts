/** What the client needs of a WebSocket: the browser's, Node 22's, or that of the package `ws`. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  binaryType: string;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  /** Queues a message. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Begins to close. */
  close(code?: number, reason?: string): void;
}
/** How such a WebSocket is made. */
export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => WebSocketLike;

/** readyState of a socket that can send. */
export const OPEN = 1;

/**
 * Address of the WebSocket of a server: http becomes ws, https wss, and the path /ws when none is given. Throws
 * TypeError for what is no address of these.
 */
export function socketUrl(server: string): string {
  const url = new URL(server);
  if (!/^(https?|wss?):$/.test(url.protocol)) throw new TypeError(`"${server}" is not an http or ws address`);
  url.protocol = url.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = '/ws';
  url.hash = '';
  return url.href;
}

/** The platform's WebSocket; Node 20 has none. */
export function platformWebSocket(): WebSocketConstructor {
  const found = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (found === undefined) throw new TypeError('no WebSocket here: pass the option WebSocket, e.g. that of package ws');
  return found;
}
