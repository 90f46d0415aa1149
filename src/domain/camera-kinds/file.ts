import { flag, type KindNotes, path } from '../camera-fields.js';

export const file = {
  about: 'A video file played at its own speed.',
  word: 'file',
  argument: { example: 'a video file' },
  fields: {
    path: path({ accepts: 'a path of a video file', label: 'File', text: 'The file.' }),
    loop: flag({ initial: true, label: 'Play in a loop', text: 'Begin again at the end.' }),
  },
} as const satisfies KindNotes;
