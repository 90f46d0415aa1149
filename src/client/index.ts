/**
 * The typed client of a mien server, for browsers and Node.
 *
 * @module mien-faces/client
 */
export { SCOPES } from '../domain/scopes.js';
export { CLOSE_CODES, MESSAGE_KINDS } from '../protocol/constants.js';
export { connect } from './mien-client.js';
export type * from './types.js';
export type { WebSocketConstructor, WebSocketLike } from './web-socket.js';
