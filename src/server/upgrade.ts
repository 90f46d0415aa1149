import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { counted } from '../domain/counted.js';
import type { ServerLimits } from '../domain/server-limits.js';
import { BINARY_OVERHEAD_BYTES } from '../protocol/binary.js';
import { SUBPROTOCOL } from '../protocol/constants.js';
import { problemBody } from './http-answer.js';
import type { Hub } from './hub.js';
import { asProblem, Problem } from './problem.js';
import { checkCaller, type Guard, pathOf, wrongToken } from './request-handler.js';
import { bearerToken, type Grant, subprotocolToken } from './tokens.js';

function refuse(socket: Duplex, problem: Problem): void {
  const body = problemBody(problem);
  const headers = Object.entries({
    ...problem.headers,
    connection: 'close',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines}\r\n${body}`);
}

/** What is allowed by the token in the headers; null when there is none and the hello may still bring one. Throws UNAUTHORISED. */
function grantOf(request: IncomingMessage, guard: Guard): Grant | null {
  const { authorization, 'sec-websocket-protocol': offered } = request.headers;
  const token = bearerToken(authorization) ?? subprotocolToken(offered);
  if (token === null && !guard.tokens.open) return null;
  return guard.tokens.grantOf(token) ?? wrongToken(request, token, guard);
}

function checkOffer(request: IncomingMessage): void {
  const offered = request.headers['sec-websocket-protocol'];
  if (offered === undefined || offered.split(',').some((name) => name.trim() === SUBPROTOCOL)) return;
  throw new Problem('BAD_REQUEST', `Sec-WebSocket-Protocol must offer ${SUBPROTOCOL}`);
}

/** Turns upgrade requests for /ws into clients of the hub, or refuses them with a plain HTTP answer. */
export function createUpgradeHandler(options: {
  readonly hub: Hub;
  readonly guard: Guard;
  readonly limits: ServerLimits;
}): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const { hub, guard, limits } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxPushBytes + BINARY_OVERHEAD_BYTES,
    // The token among the offered ones is never chosen, so it is never sent back.
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  });
  return (request, socket, head) => {
    // A connection that breaks now is nobody's error.
    socket.on('error', () => socket.destroy());
    try {
      checkCaller(request, guard);
      if (pathOf(request) !== '/ws') throw new Problem('NOT_FOUND', 'the WebSocket is at /ws');
      checkOffer(request);
      const grant = grantOf(request, guard);
      if (!hub.hasRoom(grant === null)) {
        guard.telemetry.refused('too-many-clients');
        throw new Problem(
          'TOO_MANY_CLIENTS',
          `no more than ${counted(limits.maxClients, 'client')} at once: try again`,
          { 'retry-after': '10' },
        );
      }
      sockets.handleUpgrade(request, socket, head, (client: WebSocket) => hub.accept(client, request, grant));
    } catch (error) {
      const problem = asProblem(error);
      guard.telemetry.httpRequest('/ws', problem.status);
      refuse(socket, problem);
    }
  };
}
