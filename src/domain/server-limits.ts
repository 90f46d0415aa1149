import { MAX_PUSHED_BYTES } from './live.js';

/** Every bound of the server. */
export interface ServerLimits {
  /** WebSocket clients at once. */
  readonly maxClients: number;
  readonly maxSubscriptionsPerClient: number;
  /** Messages a second from one client, pushed pictures included; twice as many at once. */
  readonly maxMessagesPerSecond: number;
  readonly maxTextBytes: number;
  /** Of a pushed picture, without the header of its message. */
  readonly maxPushBytes: number;
  /** TCP connections at once, HTTP and WebSocket together. */
  readonly maxConnections: number;
  readonly maxBodyBytes: number;
  /** Requests a second from one address, and at once. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  /** Cameras that are tried: one at a time, and so many a second, and at once. A camera may lock whoever asks too often. */
  readonly testsPerSecond: number;
  readonly testBurst: number;
  /** From connection to hello. */
  readonly helloTimeoutMs: number;
  /** Between pings; a client that did not answer the last one is gone. */
  readonly heartbeatMs: number;
  /** For the headers of a request, and for all of it. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How often those two are looked at. */
  readonly timeoutCheckMs: number;
  /** Episodes and states remembered for clients that come back: at most so many, and so old. */
  readonly replayMessages: number;
  readonly replayMs: number;
  /** Below this many bytes in a client's socket everything is sent. */
  readonly relaxedBytes: number;
  /** Above this many, or after so long behind, the client is sent away. */
  readonly hopelessBytes: number;
  readonly hopelessMs: number;
  /** Episodes and states that may wait for a slow client. */
  readonly maxWaitingMessages: number;
  readonly statsIntervalMs: number;
  /** For requests in progress when the server closes. */
  readonly closeTimeoutMs: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  maxClients: 256,
  maxSubscriptionsPerClient: 16,
  maxMessagesPerSecond: 100,
  maxTextBytes: 64 * 1024,
  maxPushBytes: MAX_PUSHED_BYTES,
  maxConnections: 1024,
  maxBodyBytes: 64 * 1024,
  requestsPerSecond: 50,
  requestBurst: 200,
  testsPerSecond: 0.2,
  testBurst: 6,
  helloTimeoutMs: 5000,
  heartbeatMs: 30_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  timeoutCheckMs: 2000,
  replayMessages: 5000,
  replayMs: 10 * 60_000,
  relaxedBytes: 256 * 1024,
  hopelessBytes: 4 * 1024 * 1024,
  hopelessMs: 10_000,
  maxWaitingMessages: 2000,
  statsIntervalMs: 1000,
  closeTimeoutMs: 2000,
};
