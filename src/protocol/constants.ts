/** What both ends of the protocol share and browsers load: no dependency here. */

/** Version of the WebSocket protocol. Adding a message or field is minor; changing the meaning of one raises it. */
export const PROTOCOL_VERSION = 1;
/** Sec-WebSocket-Protocol offered by clients; a token travels as a second protocol, `mien.token.<base64url>`. */
export const SUBPROTOCOL = 'mien.v1';
export const TOKEN_SUBPROTOCOL = 'mien.token.';

/** Kinds of a subscription. `insights` brings what a multimodal LLM said; `states` brings state and removed messages. */
export const MESSAGE_KINDS = ['faces', 'episodes', 'insights', 'rules', 'states', 'stats', 'preview'] as const;
/** One of `MESSAGE_KINDS`. */
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Why the server closes a WebSocket. Codes below 4000 are RFC 6455's and IANA's. */
export const CLOSE_CODES = {
  /** The server shuts down: come back later. */
  shutdown: 1001,
  /** A message over the limit: 64 KiB of text, 4 MiB of a pushed picture. */
  tooLarge: 1009,
  /** Too far behind, or too many clients: come back later. */
  slow: 1013,
  /** The first message was no hello of this version. */
  protocol: 4400,
  /** Missing or wrong token: coming back will not help. */
  unauthorised: 4401,
  /** No hello in time. */
  helloTimeout: 4408,
  /** Too many messages. */
  rate: 4429,
} as const;
