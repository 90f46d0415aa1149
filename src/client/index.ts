/** `mien-faces/client`: the typed client of a mien server, for browsers and Node. */
export { SCOPES } from '../domain/scopes.js';
export { CLOSE_CODES, MESSAGE_KINDS } from '../protocol/constants.js';
export { connect } from './mien-client.js';
export type * from './types.js';
export type { WebSocketConstructor, WebSocketLike } from './web-socket.js';
