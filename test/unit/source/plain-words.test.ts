import { expect, test } from 'vitest';
import { plainWords } from '../../../src/source/plain-words.js';

test.each([
  ['moov atom not found', 'its index is missing, so it was cut off'],
  ['stream 0, offset 0x1f: partial file', 'it is cut off'],
  ['file:/videos/No space left on device: /x.mp4: Permission denied', 'this user lacks permission'],
  ['Server returned 401 Unauthorized (authorization failed)', 'it refuses the user or password (401)'],
  ['method DESCRIBE failed: 503 Service Unavailable', 'it reports an internal error (5xx); look at its log'],
  ['error while decoding MB 40 4, bytestream 503', 'otherwise'],
  ['rtsp://cam/404: odd', 'otherwise'],
  [undefined, 'otherwise'],
])('%s: %s', (said, words) => expect(plainWords(said, 'otherwise')).toBe(words));
