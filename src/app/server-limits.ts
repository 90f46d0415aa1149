import type { ServerLimits as ConfiguredLimits } from '../config/serve-config.js';
import type { ServerLimits } from '../server/server-options.js';

/** The bounds that can be configured, as the server takes them; the others keep the server's defaults. */
export function serverLimits(limits: ConfiguredLimits): Partial<ServerLimits> {
  return {
    maxClients: limits.maxClients,
    requestsPerSecond: limits.requestsPerMinute / 60,
    requestBurst: Math.max(20, Math.round(limits.requestsPerMinute / 3)),
    maxBodyBytes: limits.maxBodyBytes,
    maxTextBytes: limits.maxMessageBytes,
    maxPushBytes: limits.maxPictureBytes,
    relaxedBytes: limits.clientBufferBytes,
    hopelessBytes: limits.clientBufferMaxBytes,
    headersTimeoutMs: limits.requestTimeoutMs,
    requestTimeoutMs: limits.requestTimeoutMs,
    heartbeatMs: limits.pingIntervalMs,
  };
}
