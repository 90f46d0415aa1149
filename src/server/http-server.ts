import { createServer, type Server as HttpServer } from 'node:http';
import { AffectError } from '../domain/errors.js';
import type { ServerLimits } from '../domain/server-limits.js';
import type { ServerOptions } from './server-options.js';

const LISTEN_FIXES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use: choose another port, or stop what listens there',
  EACCES: 'not allowed: choose a port of 1024 or more',
  EADDRNOTAVAIL: 'this machine has no such address: choose 127.0.0.1, or 0.0.0.0 for all',
  ENOTFOUND: 'there is no such host: choose 127.0.0.1, or 0.0.0.0 for all',
};

/** Resolves when it listens. Throws LISTEN_FAILED when the address cannot be had. */
export function listening(http: HttpServer, { host, port }: ServerOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      const fix = LISTEN_FIXES[cause.code ?? ''] ?? cause.message;
      reject(new AffectError('LISTEN_FAILED', `cannot listen on ${host}:${port}: ${fix}`, { cause }));
    });
    http.listen({ host, port }, resolve);
  });
}

/** A server that listens nowhere yet, its connections and times bounded. */
export function createHttp(limits: ServerLimits): HttpServer {
  const http = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.timeoutCheckMs,
    keepAliveTimeout: 5000,
    maxHeaderSize: 16 * 1024,
  });
  http.maxConnections = limits.maxConnections;
  // A connection on which nothing moves, such as an answer that nobody reads; later than the 408 of a slow request.
  http.timeout = limits.requestTimeoutMs * 2;
  return http;
}
