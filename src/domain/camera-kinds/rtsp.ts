import { address, choice, type KindNotes } from '../camera-fields.js';

export const rtsp = {
  about: 'An RTSP camera or server.',
  word: 'RTSP',
  argument: { example: 'rtsp://…' },
  fields: {
    url: address({
      schemes: { rtsp: { port: 554, tls: false }, rtsps: { port: 322, tls: true } },
      label: 'Address',
      text: 'Address of the stream.',
    }),
    transport: choice(['tcp', 'udp'], {
      initial: 'tcp',
      label: 'Transport',
      text: 'tcp loses nothing; udp is a little faster and loses packets.',
    }),
  },
} as const satisfies KindNotes;
