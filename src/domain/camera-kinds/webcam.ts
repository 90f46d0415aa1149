import { device, type KindNotes, pixels, rate } from '../camera-fields.js';

export const webcam = {
  about: 'A camera of the machine mien runs on.',
  word: 'webcam',
  argument: { example: '/dev/video0', pattern: /^\/dev\/|^\d{1,2}$/ },
  fields: {
    device: device({
      accepts: 'a device: /dev/video0 (Linux), an index such as "0" (macOS), a name (Windows)',
      label: 'Device',
      text: 'Which camera.',
    }),
    size: pixels({
      least: { widthPx: 16, heightPx: 16 },
      most: { widthPx: 7680, heightPx: 4320 },
      label: 'Picture size',
      text: 'Picture size asked of the camera, in pixels.',
    }),
    fps: rate({ least: 1, most: 240, none: 'auto', label: 'Frame rate', text: 'Frame rate asked of the camera.' }),
  },
} as const satisfies KindNotes;
