import { yuv420pBytes } from '../domain/frame.js';
import { type NutCursor, NutError } from './nut-cursor.js';
import { NUT_FLAGS, NUT_STARTCODE_BYTE } from './nut-format.js';

export interface NutTimeBase {
  readonly numerator: number;
  readonly denominator: number;
}

/** What a frame's first byte stands for. */
export interface NutFrameCode {
  readonly flags: number;
  readonly streamId: number;
  readonly sizeMultiplier: number;
  readonly sizeLsb: number;
  readonly ptsDelta: number;
  readonly reservedCount: number;
  readonly headerIndex: number;
}

export interface NutMainHeader {
  readonly timeBases: readonly NutTimeBase[];
  /** 256 entries, one per frame code. */
  readonly frameCodes: readonly NutFrameCode[];
  /** Lengths of the elided headers; only rawvideo is accepted, where they must all be 0. */
  readonly elisionLengths: readonly number[];
}

interface NutStreamCommon {
  readonly fourcc: string;
  readonly timeBase: NutTimeBase;
  readonly msbPtsShift: number;
}

export interface NutVideoStream extends NutStreamCommon {
  readonly kind: 'video';
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface NutSoundStream extends NutStreamCommon {
  readonly kind: 'sound';
  /** Samples a second. */
  readonly rate: number;
  readonly channels: number;
}

export type NutStream = NutVideoStream | NutSoundStream;

const INVALID: NutFrameCode = {
  flags: NUT_FLAGS.invalid,
  streamId: 0,
  sizeMultiplier: 1,
  sizeLsb: 0,
  ptsDelta: 0,
  reservedCount: 0,
  headerIndex: 0,
};

/** Parses the body of a main header (after the packet header). Throws NutError when it is not what NUT v3 or v4 allows. */
export function parseMainHeader(cursor: NutCursor): NutMainHeader {
  const version = cursor.unsigned();
  if (version < 2 || version > 4) throw new NutError(`NUT version ${version}`);
  if (version > 3) cursor.unsigned();
  const streams = cursor.unsigned();
  if (streams !== 1) throw new NutError(`${streams} streams where one was asked for`);
  cursor.unsigned(); // max_distance
  const timeBases = timeBaseTable(cursor);
  const frameCodes = frameCodeTable(cursor);
  const elisionLengths = [0];
  for (let count = cursor.unsigned(); count > 0; count--) {
    if (elisionLengths.length > 127) throw new NutError('too many elision headers');
    elisionLengths.push(cursor.block().length);
  }
  return { timeBases, frameCodes, elisionLengths };
}

function timeBaseTable(cursor: NutCursor): NutTimeBase[] {
  const count = cursor.unsigned();
  if (count < 1 || count > 64) throw new NutError(`${count} time bases`);
  return Array.from({ length: count }, () => {
    const numerator = cursor.unsigned();
    const denominator = cursor.unsigned();
    if (numerator < 1 || denominator < 1) throw new NutError('time base of zero');
    return { numerator, denominator };
  });
}

function frameCodeTable(cursor: NutCursor): NutFrameCode[] {
  const codes: NutFrameCode[] = [];
  let ptsDelta = 0;
  let sizeMultiplier = 1;
  let streamId = 0;
  let headerIndex = 0;
  while (codes.length < 256) {
    const flags = cursor.unsigned();
    const fields = cursor.unsigned();
    if (fields > 64) throw new NutError('too many fields in a frame code');
    if (fields > 0) ptsDelta = cursor.signed();
    if (fields > 1) sizeMultiplier = cursor.unsigned();
    if (fields > 2) streamId = cursor.unsigned();
    const sizeLsb = fields > 3 ? cursor.unsigned() : 0;
    const reservedCount = fields > 4 ? cursor.unsigned() : 0;
    const count = fields > 5 ? cursor.unsigned() : sizeMultiplier - sizeLsb;
    if (fields > 6) cursor.signed(); // match_time_delta
    if (fields > 7) headerIndex = cursor.unsigned();
    for (let field = 8; field < fields; field++) cursor.unsigned();
    if (count < 1 || count > 256 || reservedCount > 64) throw new NutError('bad frame code table');
    for (let step = 0; step < count && codes.length < 256; ) {
      if (codes.length === NUT_STARTCODE_BYTE) codes.push(INVALID);
      else {
        codes.push({
          flags,
          streamId,
          sizeMultiplier,
          sizeLsb: sizeLsb + step,
          ptsDelta,
          reservedCount,
          headerIndex,
        });
        step++;
      }
    }
  }
  return codes;
}

/** Parses the body of a stream header. Throws NutError when it is not one stream of pictures or sound. */
export function parseStreamHeader(cursor: NutCursor, main: NutMainHeader): NutStream {
  if (cursor.unsigned() !== 0) throw new NutError('stream id is not 0');
  const streamClass = cursor.unsigned();
  if (streamClass > 1) throw new NutError('stream is neither video nor sound');
  const fourcc = String.fromCharCode(...cursor.block().subarray(0, 4));
  const timeBase = main.timeBases[cursor.unsigned()];
  if (!timeBase) throw new NutError('time base out of range');
  const msbPtsShift = cursor.unsigned();
  if (msbPtsShift > 31) throw new NutError('bad msb_pts_shift');
  cursor.unsigned(); // max_pts_distance
  cursor.unsigned(); // decode_delay
  cursor.unsigned(); // stream_flags
  cursor.block(); // codec_specific_data
  const common = { fourcc, timeBase, msbPtsShift };
  if (streamClass === 1) {
    const rate = cursor.unsigned() / cursor.unsigned();
    const channels = cursor.unsigned();
    if (!(rate >= 1) || channels < 1) throw new NutError('bad sampling rate or channels');
    return { kind: 'sound', ...common, rate, channels };
  }
  const widthPx = cursor.unsigned();
  const heightPx = cursor.unsigned();
  if (widthPx < 1 || heightPx < 1 || widthPx > 65_535 || heightPx > 65_535) throw new NutError('bad frame size');
  return { kind: 'video', ...common, widthPx, heightPx };
}

/** What nut.txt calls signed 16 bit little-endian samples. */
const PCM_S16LE = 'PSD\u0010';

/** Bytes of each of its frames; null where each has its own. Throws NutError for what is neither yuv420p nor 16 bit mono. */
export function frameBytesOf(stream: NutStream): number | null {
  if (stream.kind === 'sound') {
    if (stream.fourcc !== PCM_S16LE || stream.channels !== 1) throw new NutError('sound is not 16 bit mono');
    return null;
  }
  if (stream.fourcc !== 'I420') throw new NutError('stream is not yuv420p rawvideo');
  return yuv420pBytes(stream.widthPx, stream.heightPx);
}

/** Whether two headers of a stream describe frames of the same size. */
export function sameFrames(a: NutStream, b: NutStream): boolean {
  if (a.kind === 'sound' || b.kind === 'sound') return a.kind === b.kind;
  return a.widthPx === b.widthPx && a.heightPx === b.heightPx;
}

/** The size of a stream's pictures. Throws RangeError for sound: who asks for pictures is sent no other. */
export function pictureSize(stream: NutStream): { readonly widthPx: number; readonly heightPx: number } {
  if (stream.kind !== 'video') throw new RangeError('pictures were asked for, and ffmpeg sent sound');
  return { widthPx: stream.widthPx, heightPx: stream.heightPx };
}
