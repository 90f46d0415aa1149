import { yuv420pBytes } from '../domain/frame.js';
import { NUT_FILE_ID, NUT_FLAGS, NUT_STARTCODES, nutChecksum } from './nut-format.js';

/** The one frame code that we write, and what it says: key frame, PTS, size and checksum all coded. */
const FRAME_CODE = 1;
const FRAME_FLAGS = NUT_FLAGS.key | NUT_FLAGS.codedPts | NUT_FLAGS.sizeMsb | NUT_FLAGS.checksum;
const MSB_PTS_SHIFT = 7;
const MAX_DISTANCE_BYTES = 32_768;

export interface NutVideoFormat {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Start of a NUT file with one yuv420p rawvideo stream, time base 1 µs (nut.txt, version 3). */
export function nutFileHeader({ widthPx, heightPx }: NutVideoFormat): Uint8Array {
  const frameCodes = [
    ...frameCodeEntry({ flags: NUT_FLAGS.invalid, count: FRAME_CODE }),
    ...frameCodeEntry({ flags: FRAME_FLAGS, count: 1 }),
    ...frameCodeEntry({ flags: NUT_FLAGS.invalid, count: 254 - FRAME_CODE }), // 255 in all: 'N' is skipped
  ];
  const main = [3, 1, MAX_DISTANCE_BYTES, 1, 1, 1_000_000].flatMap(unsigned);
  const stream = [
    ...[0, 0].flatMap(unsigned), // stream id, class video
    ...[4, ...new TextEncoder().encode('I420')],
    ...[0, MSB_PTS_SHIFT, 1_000_000, 0, 0, 0].flatMap(unsigned), // ..., decode delay, flags, no codec data
    ...[widthPx, heightPx, 0, 0, 0].flatMap(unsigned), // pixel shape and colour space unknown
  ];
  return Uint8Array.from([
    ...NUT_FILE_ID,
    ...packet('main', [...main, ...frameCodes, ...unsigned(0)]),
    ...packet('stream', stream),
  ]);
}

/** A frame with its syncpoint, as one copy. `yuv420p` must have exactly the bytes of the format, `ptsUs` be 0 or more. */
export function nutFrame(format: NutVideoFormat, frame: { yuv420p: Uint8Array; ptsUs: number }): Uint8Array {
  const { yuv420p, ptsUs } = frame;
  const expected = yuv420pBytes(format.widthPx, format.heightPx);
  if (yuv420p.length !== expected) throw new RangeError(`frame must have ${expected} bytes, got ${yuv420p.length}`);
  if (!Number.isInteger(ptsUs) || ptsUs < 0) throw new RangeError(`PTS must be a whole number from 0, got ${ptsUs}`);
  const header = [FRAME_CODE, ...unsigned(ptsUs + 2 ** MSB_PTS_SHIFT), ...unsigned(yuv420p.length)];
  const head = [
    ...packet('syncpoint', [...unsigned(ptsUs), 0]),
    ...header,
    ...uint32(nutChecksum(Uint8Array.from(header))),
  ];
  const bytes = new Uint8Array(head.length + yuv420p.length);
  bytes.set(head);
  bytes.set(yuv420p, head.length);
  return bytes;
}

/** Fields: pts delta 0, size multiplier 1, stream 0, size 0, no reserved, count. */
function frameCodeEntry({ flags, count }: { flags: number; count: number }): number[] {
  return [flags, 6, 0, 1, 0, 0, 0, count].flatMap(unsigned);
}

function packet(kind: keyof typeof NUT_STARTCODES, body: readonly number[]): number[] {
  const { high, low } = NUT_STARTCODES[kind];
  const checksum = uint32(nutChecksum(Uint8Array.from(body)));
  return [...uint32(high), ...uint32(low), ...unsigned(body.length + 4), ...body, ...checksum];
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function unsigned(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift((rest % 128) + 128);
  return bytes;
}
