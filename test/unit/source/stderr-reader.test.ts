import { expect, test } from 'vitest';
import { StderrReader } from '../../../src/source/stderr-reader.js';

const read = (...lines: string[]) => {
  const reader = new StderrReader();
  for (const line of lines) reader.add(line);
  return reader;
};

test.each([
  ['[h264 @ 0x55] [error] error while decoding MB 5 5, bytestream -7', true],
  ['[mov,mp4,m4a @ 0x55] [error] stream 0, offset 0x1f: partial file', true],
  ['[matroska,webm @ 0x55] [error] File ended prematurely at pos. 72 (0x48)', true],
  ['[warning] file:x.ts: corrupt decoded frame in stream 0', true],
  ['[error] Conversion failed!', true],
  ['[swscaler @ 0x55] [warning] deprecated pixel format used', false],
  ['[h264 @ 0x55] [error] mmco: unref short failure', false],
  ['[nut @ 0x55] [error] Application provided invalid, non monotonically increasing dts to muxer', false],
  ['a line without a level', false],
])('%s: damage %s', (line, damage) => {
  expect(read(line).damageLines).toBe(damage ? 1 : 0);
});

test('keeps the last line, tidied and cut, however many come', () => {
  const reader = new StderrReader();
  for (let count = 0; count < 1_000; count++) reader.add(`[x] [error] broken   part ${count} ${'y'.repeat(500)}`);
  expect(reader.damageLines).toBe(1_000);
  expect(reader.lastDamage).toMatch(/^broken part 999 y+$/);
  expect(reader.lastDamage?.length).toBe(200);
});

test('knows a missing decoder', () => {
  expect(read('[fatal] Decoding requested, but no decoder found for: zzzz').noDecoder).toBe(true);
});
