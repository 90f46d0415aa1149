import { address, type KindNotes } from '../camera-fields.js';

export const http = {
  about: 'Progressive video, MJPEG or HLS over HTTP.',
  word: 'HTTP',
  argument: { example: 'http://…' },
  fields: {
    url: address({
      schemes: { http: { port: 80, tls: false }, https: { port: 443, tls: true } },
      label: 'Address',
      text: 'Address of the video or playlist.',
    }),
  },
} as const satisfies KindNotes;
