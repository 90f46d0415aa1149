import type { ServerLimits } from '../domain/server-limits.js';
import { isLoopback, OriginRules } from './origins.js';
import type { Guard } from './request-handler.js';
import type { ServerOptions } from './server-options.js';
import { AddressBuckets } from './token-bucket.js';
import { TokenTable } from './tokens.js';

/** What guards every request of a server. */
export function createGuard(
  options: Pick<ServerOptions, 'tokens' | 'telemetry' | 'listen' | 'allowedOrigins'>,
  limits: Pick<ServerLimits, 'requestsPerSecond' | 'requestBurst'>,
): Guard {
  const { telemetry, listen, allowedOrigins } = options;
  const tokens = new TokenTable(options.tokens);
  const checkHost = isLoopback(listen.host) && tokens.open;
  return {
    tokens,
    telemetry,
    origins: new OriginRules({ allowedOrigins, listenHost: listen.host, checkHost }),
    buckets: new AddressBuckets({ perSecond: limits.requestsPerSecond, burst: limits.requestBurst }),
  };
}
