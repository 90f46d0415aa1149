import { describe, expect, test } from 'vitest';
import { RtspReader } from '../../../../../src/source/camera/rtsp/rtsp-reader.js';

const packet = (channel: number, payload: string) => {
  const bytes = Buffer.from(payload, 'latin1');
  return Buffer.concat([Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 255]), bytes]);
};
const text = (words: string) => Buffer.from(words, 'latin1');

/** What is read of some bytes that arrive in pieces of this size. */
function read(bytes: Uint8Array, pieces: number) {
  const reader = new RtspReader();
  const media: Uint8Array[] = [];
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; at += pieces) {
    for (const part of reader.push(bytes.subarray(at, at + pieces))) {
      if (part.kind === 'media') media.push(part.bytes);
      else messages.push(`${part.message.start}|${part.message.headers.join(';')}|${part.message.body}`);
    }
  }
  return { media: Buffer.concat(media).toString('latin1'), messages };
}

describe('packets and messages in any pieces', () => {
  const first = packet(0, 'RTSP/1.0 302 Found\r\nLocation: rtsp://169.254.169.254\r\n\r\n');
  const second = packet(1, `$${'\u0000'.repeat(70)}`);
  const stream = Buffer.concat([
    text('RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 5\r\n\r\n$v=0\n'),
    first,
    second,
    text('\r\nRTSP/1.0 404 Not Found\nCSeq:2\n\n'),
    packet(255, 'x'.repeat(65_535)),
    text('OPTIONS rtsp://c/ RTSP/1.0\r\nCSeq: 9\r\n\r\n'),
    packet(2, '12345678'),
  ]);
  test.each([1, 2, 3, 7, 1_000, 1_000_000])('of %d bytes', (pieces) => {
    const { media, messages } = read(stream, pieces);
    const sent = Buffer.concat([first, second, packet(255, 'x'.repeat(65_535)), packet(2, '12345678')]);
    expect(media === sent.toString('latin1')).toBe(true);
    expect(messages).toEqual([
      'RTSP/1.0 200 OK|CSeq,1;Content-Length,5|$v=0\n',
      'RTSP/1.0 404 Not Found|CSeq,2|',
      'OPTIONS rtsp://c/ RTSP/1.0|CSeq,9|',
    ]);
  });
});

describe('what was not understood is not handed on', () => {
  const hidden = 'RTSP/1.0 302 Found\r\nLocation: rtsp://169.254.169.254/\r\n\r\n';
  test('packets too short for RTP and RTCP, which ffmpeg reads as text', () => {
    const bytes = Buffer.concat([packet(0, '1234567'), packet(0, ''), packet(0, '12345678'), packet(0, 'R')]);
    for (const pieces of [1, 5, 100])
      expect(read(bytes, pieces)).toEqual({ media: '$\u0000\u0000\b12345678', messages: [] });
  });
  test.each([
    ['noise', '\u0007'.repeat(9_000)],
    ['a line that is none of RTSP', 'HTTP/1.1 200 OK\r\n'],
    ['capitals without end', 'A'.repeat(17_000)],
    ['a line without end', `RTSP/1.0 200 ${'x'.repeat(17_000)}`],
    ['a head without end', `RTSP/1.0 200 OK\r\n${'a: b\r\n'.repeat(3_000)}`],
    ['a length that is none', 'RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n'],
    ['a body too long', 'RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n'],
  ])('%s: dropped, and what follows is read', (_, noise) => {
    for (const pieces of [13, 1_000_000]) {
      const { media, messages } = read(Buffer.concat([text(noise), packet(0, '12345678'), text(hidden)]), pieces);
      expect(media).toBe('$\u0000\u0000\b12345678');
      expect(messages).toEqual(['RTSP/1.0 302 Found|Location,rtsp://169.254.169.254/|']);
    }
  });
});
