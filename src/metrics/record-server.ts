import type { Telemetry } from '../domain/telemetry.js';
import { boundedNames } from './bounded-names.js';
import type { DeclaredRegistry } from './declared-registry.js';

type ServerTelemetry = Pick<
  Telemetry,
  'messageSent' | 'messageDropped' | 'clientConnected' | 'clientLeft' | 'deliveryLatency' | 'httpRequest' | 'refused'
>;

const LEFT = ['closed', 'slow', 'idle', 'protocol', 'shutdown'] as const;
const REFUSED = ['token', 'origin', 'rate', 'too-many-clients', 'payload', 'malformed'] as const;

/** Connected programs and requests. */
export function recordServer(to: DeclaredRegistry): ServerTelemetry {
  const routes = boundedNames();
  const messageKinds = boundedNames();
  let clients = 0;
  const showClients = (change: number): void => {
    clients = Math.max(0, clients + change);
    to.set('mien_ws_clients', clients);
  };
  showClients(0);
  for (const reason of LEFT) to.add('mien_ws_clients_left_total', { reason }, 0);
  for (const reason of REFUSED) to.add('mien_refused_total', { reason }, 0);
  return {
    messageSent(kind) {
      to.add('mien_ws_messages_sent_total', { kind: messageKinds(kind) });
    },
    messageDropped(kind, reason) {
      to.add('mien_ws_messages_dropped_total', { kind: messageKinds(kind), reason });
    },
    clientConnected() {
      to.add('mien_ws_clients_connected_total');
      showClients(1);
    },
    clientLeft(reason) {
      to.add('mien_ws_clients_left_total', { reason });
      showClients(-1);
    },
    deliveryLatency(ms) {
      to.observe('mien_delivery_latency_seconds', ms / 1000);
    },
    httpRequest(route, status) {
      to.add('mien_http_requests_total', { route: routes(route), status: statusLabel(status) });
    },
    refused(reason) {
      to.add('mien_refused_total', { reason });
    },
  };
}

const statusLabel = (status: number): string =>
  Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : 'other';
