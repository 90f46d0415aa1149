import type { KindNotes } from '../camera-fields.js';

export const push = {
  about: 'JPEG pictures sent by a client over the WebSocket, such as a browser’s webcam.',
  word: 'browser',
  argument: { example: '"push"', pattern: /^push$/ },
  shownAs: 'pushed pictures',
  fields: {},
} as const satisfies KindNotes;
