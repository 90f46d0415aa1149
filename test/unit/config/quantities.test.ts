import { describe, expect, it } from 'vitest';
import { bytesOf, bytesText, durationMs, durationText, pixelsOf } from '../../../src/config/quantities.js';

describe('quantities', () => {
  it.each([
    ['250ms', 250],
    ['2s', 2000],
    ['1.5m', 90_000],
    ['1h', 3_600_000],
    ['2', null],
    ['-2s', null],
    ['2 s', null],
    ['2S', null],
    ['1d', null],
  ])('duration %s is %s ms', (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each([
    ['512B', 512],
    ['64KiB', 65_536],
    ['1.5MiB', 1_572_864],
    ['1GiB', 1_073_741_824],
    ['64KB', null],
    ['64', null],
  ])('data size %s is %s bytes', (text, bytes) => expect(bytesOf(text)).toBe(bytes));

  it.each([
    ['1280x720', { widthPx: 1280, heightPx: 720 }],
    ['1280X720', null],
    ['0x720', null],
    ['1280', null],
  ])('picture size %s', (text, size) => expect(pixelsOf(text)).toEqual(size));
});

describe('bytesText and durationText', () => {
  it.each(['1B', '64KiB', '4MiB', '1536KiB'])('%s is written as it was read', (text) =>
    expect(bytesText(bytesOf(text)!)).toBe(text),
  );
  it.each(['1ms', '20s', '90s', '10m', '24h'])('%s is written as it was read', (text) =>
    expect(durationText(durationMs(text)!)).toBe(text),
  );
});
