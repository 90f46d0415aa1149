import { expect, test } from 'vitest';
import { looksLikeContainer, otherKind } from '../../../src/source/magic.js';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test.each([
  ['MP4', bytes('\0\0\0\x20ftypisom'), true],
  ['MOV cut short', bytes('\0\0\0\x08wide'), true],
  ['Matroska', bytes('\x1a\x45\xdf\xa3\x01'), true],
  ['AVI', bytes('RIFF....AVI LIST'), true],
  ['transport stream', Uint8Array.from({ length: 400 }, (_, at) => (at % 188 === 0 ? 0x47 : 1)), true],
  ['sound in RIFF', bytes('RIFF....WAVEfmt '), false],
  ['text', bytes('Good morning, this is text'), false],
  ['nothing', new Uint8Array(0), false],
])('%s: %s', (_what, start, expected) => {
  expect(looksLikeContainer(start)).toBe(expected);
});

test.each([
  ['PK\x03\x04', 'an archive (ZIP) or office document'],
  ['%PDF-1.7', 'a PDF document'],
  ['two lines\r\n\tof text', 'text'],
  ['\x00\x01text', null],
  ['', null],
])('%j is %s', (start, kind) => expect(otherKind(Buffer.from(start, 'latin1'))).toBe(kind));
