import { NutCursor, NutError, NutShortRead, NutSizeChange } from './nut-cursor.js';
import {
  NUT_FILE_ID,
  NUT_FLAGS,
  NUT_STARTCODE_BYTE,
  NUT_STARTCODES,
  type NutPacketKind,
  nutChecksum,
} from './nut-format.js';
import {
  frameBytesOf,
  type NutMainHeader,
  type NutStream,
  parseMainHeader,
  parseStreamHeader,
  sameFrames,
} from './nut-headers.js';
import { fullPts, syncpointPts } from './nut-time.js';

export type NutEvent =
  /** Everything pushed was used; push more. */
  | { readonly kind: 'need-data' }
  | { readonly kind: 'stream'; readonly stream: NutStream }
  /** A frame begins: give a buffer of `bytes` to `fill`, or call `discard`, before the next call. */
  | { readonly kind: 'frame-start'; readonly ptsUs: number; readonly bytes: number }
  /** Its last byte arrived; also said of a discarded frame. */
  | { readonly kind: 'frame-end' }
  /** Not NUT with one stream of yuv420p or of 16 bit mono, or pictures of another size than the first. Final. */
  | { readonly kind: 'broken'; readonly problem: string; readonly sizeChanged: boolean };

export interface NutDemuxerOptions {
  /** Longest header packet accepted; ffmpeg's are under 1 kB. Default 64 KiB. */
  readonly maxPacketBytes?: number;
  /** Largest frame accepted. Default 256 MiB (a 16k frame). */
  readonly maxFrameBytes?: number;
}

const NEED_DATA: NutEvent = { kind: 'need-data' };
const FRAME_END: NutEvent = { kind: 'frame-end' };
const EMPTY = new Uint8Array(0);
const MAX_SKIP_BYTES = 64 * 2 ** 20;
const kinds = Object.keys(NUT_STARTCODES) as NutPacketKind[];

/**
 * NUT with one stream of yuv420p pictures or 16 bit mono sound, in pieces of any size, to frames. The payload goes from the pushed pieces into
 * the buffer given to `fill` and nowhere else. Memory is bounded by `maxPacketBytes`; bad bytes end in a `broken` event.
 * Follows nut.txt (NUT version 3 and 4).
 */
export class NutDemuxer {
  readonly #maxPacketBytes: number;
  readonly #maxFrameBytes: number;
  #chunk: Uint8Array = EMPTY;
  #at = 0;
  /** Start of a header cut off by the end of a piece. */
  #head = EMPTY;
  #fileIdSeen = false;
  #main: NutMainHeader | undefined;
  #stream: NutStream | undefined;
  /** Bytes of every picture; null for sound, whose frames differ. */
  #sizeOfAll: number | null = null;
  #frameBytes = 0;
  #lastPts = 0;
  #skipBytes = 0;
  #skippingFrame = false;
  #target: Uint8Array | undefined;
  #filled = 0;
  #awaitingTarget = false;
  #broken: NutEvent | undefined;

  constructor({ maxPacketBytes = 65_536, maxFrameBytes = 2 ** 28 }: NutDemuxerOptions = {}) {
    this.#maxPacketBytes = maxPacketBytes;
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Adds bytes. Only valid after `next` said `need-data`, or at the start; the piece must not change until then. */
  push(chunk: Uint8Array): void {
    if (this.#at < this.#chunk.length) throw new RangeError('push before the last piece was used up');
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** The buffer of the frame just announced by `frame-start`, of exactly its `bytes`. */
  fill(target: Uint8Array): void {
    if (!this.#awaitingTarget) throw new RangeError('no frame waits for a buffer');
    if (target.length !== this.#frameBytes) {
      throw new RangeError(`frame buffer must have ${this.#frameBytes} bytes, got ${target.length}`);
    }
    this.#target = target;
    this.#filled = 0;
    this.#awaitingTarget = false;
  }

  /** Instead of `fill`: the frame's bytes are read and thrown away. */
  discard(): void {
    if (!this.#awaitingTarget) throw new RangeError('no frame waits for a buffer');
    this.#skipBytes = this.#frameBytes;
    this.#skippingFrame = true;
    this.#awaitingTarget = false;
  }

  /** True when the bytes so far end between two frames. */
  get atBoundary(): boolean {
    return !this.#target && !this.#awaitingTarget && this.#head.length === 0 && this.#skipBytes === 0;
  }

  next(): NutEvent {
    if (this.#broken) return this.#broken;
    if (this.#awaitingTarget) throw new RangeError('fill or discard must follow frame-start');
    try {
      for (;;) {
        const event = this.#target ? this.#payload(this.#target) : this.#skipBytes > 0 ? this.#skip() : this.#header();
        if (event) return event;
      }
    } catch (error) {
      if (!(error instanceof NutError)) throw error;
      this.#broken = { kind: 'broken', problem: error.message, sizeChanged: error instanceof NutSizeChange };
      this.#head = EMPTY;
      this.#chunk = EMPTY;
      this.#at = 0;
      return this.#broken;
    }
  }

  #payload(target: Uint8Array): NutEvent {
    const bytes = Math.min(target.length - this.#filled, this.#chunk.length - this.#at);
    target.set(this.#chunk.subarray(this.#at, this.#at + bytes), this.#filled);
    this.#at += bytes;
    this.#filled += bytes;
    if (this.#filled < target.length) return NEED_DATA;
    this.#target = undefined;
    return FRAME_END;
  }

  #skip(): NutEvent | undefined {
    const bytes = Math.min(this.#skipBytes, this.#chunk.length - this.#at);
    this.#at += bytes;
    this.#skipBytes -= bytes;
    if (this.#skipBytes > 0) return NEED_DATA;
    if (!this.#skippingFrame) return undefined;
    this.#skippingFrame = false;
    return FRAME_END;
  }

  /** Parses one header from what is left of the last piece plus this one, or keeps the bytes for later. */
  #header(): NutEvent | undefined {
    const before = this.#head.length;
    if (before === 0) {
      if (this.#at === this.#chunk.length) return NEED_DATA;
      const used = this.#tryParse(this.#chunk, this.#at);
      if (used) {
        this.#at += used.bytes;
        return used.event;
      }
      this.#keep(this.#chunk.length - this.#at);
      return NEED_DATA;
    }
    let taken = 0;
    while (this.#at < this.#chunk.length) {
      taken += this.#keep(Math.min(Math.max(64, this.#head.length), this.#chunk.length - this.#at));
      const used = this.#tryParse(this.#head, 0);
      if (!used) continue;
      this.#at -= before + taken - used.bytes;
      this.#head = EMPTY;
      return used.event;
    }
    return NEED_DATA;
  }

  #keep(bytes: number): number {
    if (this.#head.length + bytes > this.#maxPacketBytes + 64) throw new NutError('header too long');
    const head = new Uint8Array(this.#head.length + bytes);
    head.set(this.#head);
    head.set(this.#chunk.subarray(this.#at, this.#at + bytes), this.#head.length);
    this.#head = head;
    this.#at += bytes;
    return bytes;
  }

  #tryParse(bytes: Uint8Array, start: number): { bytes: number; event: NutEvent | undefined } | undefined {
    const cursor = new NutCursor(bytes, { start, end: bytes.length });
    try {
      let event: NutEvent | undefined;
      if (!this.#fileIdSeen) this.#fileId(cursor);
      else if (bytes[start] === NUT_STARTCODE_BYTE) event = this.#packet(bytes, cursor);
      else event = this.#frameHeader(bytes, cursor);
      return { bytes: cursor.at - start, event };
    } catch (error) {
      if (error instanceof NutShortRead) return undefined;
      throw error;
    }
  }

  #fileId(cursor: NutCursor): void {
    for (const expected of NUT_FILE_ID) if (cursor.byte() !== expected) throw new NutError('not a NUT file');
    this.#fileIdSeen = true;
  }

  #packet(bytes: Uint8Array, cursor: NutCursor): NutEvent | undefined {
    const start = cursor.at;
    const [high, low] = [cursor.uint32(), cursor.uint32()];
    const kind = kinds.find((k) => NUT_STARTCODES[k].high === high && NUT_STARTCODES[k].low === low);
    const length = cursor.unsigned();
    if (length > 4096) {
      cursor.uint32();
      if (nutChecksum(bytes.subarray(start, cursor.at)) !== 0) throw new NutError('checksum of a packet header');
    }
    if (!kind) throw new NutError('unknown packet');
    if (kind === 'index' || kind === 'info') {
      if (length > MAX_SKIP_BYTES) throw new NutError('packet too long');
      this.#skipBytes = length;
      return undefined;
    }
    if (length < 4 || length > this.#maxPacketBytes) throw new NutError(`${kind} packet of ${length} bytes`);
    const body = cursor.at;
    if (cursor.left < length) throw new NutShortRead();
    if (nutChecksum(bytes.subarray(body, body + length)) !== 0) throw new NutError(`checksum of the ${kind} packet`);
    cursor.at = body + length;
    return this.#body(kind, new NutCursor(bytes, { start: body, end: body + length - 4 }));
  }

  #body(kind: 'main' | 'stream' | 'syncpoint', cursor: NutCursor): NutEvent | undefined {
    try {
      if (kind === 'main') this.#main = parseMainHeader(cursor);
      else if (!this.#main) throw new NutError(`${kind} before the main header`);
      else if (kind === 'stream') return this.#streamHeader(parseStreamHeader(cursor, this.#main));
      else if (!this.#stream) throw new NutError('syncpoint before the stream header');
      else this.#lastPts = syncpointPts(cursor.unsigned(), this.#main, this.#stream);
      return undefined;
    } catch (error) {
      if (error instanceof NutShortRead) throw new NutError(`${kind} packet ends early`);
      throw error;
    }
  }

  #streamHeader(stream: NutStream): NutEvent | undefined {
    const before = this.#stream;
    this.#stream = stream;
    if (before) {
      // ffmpeg repeats the headers as the file grows.
      if (!sameFrames(before, stream)) throw new NutSizeChange('size changed');
      return undefined;
    }
    this.#sizeOfAll = frameBytesOf(stream);
    this.#checkBytes(this.#sizeOfAll ?? 0);
    return { kind: 'stream', stream };
  }

  #checkBytes(bytes: number): void {
    if (bytes > this.#maxFrameBytes) throw new NutError(`frames of ${bytes} bytes`);
  }

  #frameHeader(bytes: Uint8Array, cursor: NutCursor): NutEvent | undefined {
    const [main, stream] = [this.#main, this.#stream];
    if (!main || !stream) throw new NutError('frame before the headers');
    const start = cursor.at;
    const code = main.frameCodes[cursor.byte()]!;
    if (code.flags & NUT_FLAGS.invalid) throw new NutError('invalid frame code');
    const flags = code.flags & NUT_FLAGS.coded ? code.flags ^ cursor.unsigned() : code.flags;
    const streamId = flags & NUT_FLAGS.streamId ? cursor.unsigned() : code.streamId;
    const codedPts = flags & NUT_FLAGS.codedPts ? cursor.unsigned() : undefined;
    const sizeMsb = flags & NUT_FLAGS.sizeMsb ? cursor.unsigned() : 0;
    if (flags & NUT_FLAGS.matchTime) cursor.signed();
    const headerIndex = flags & NUT_FLAGS.headerIndex ? cursor.unsigned() : code.headerIndex;
    const reserved = flags & NUT_FLAGS.reserved ? cursor.unsigned() : code.reservedCount;
    if (reserved > 256) throw new NutError('too many reserved fields');
    for (let field = 0; field < reserved; field++) cursor.unsigned();
    if (flags & NUT_FLAGS.checksum) {
      cursor.uint32();
      if (nutChecksum(bytes.subarray(start, cursor.at)) !== 0) throw new NutError('checksum of a frame header');
    }
    const size = code.sizeLsb + sizeMsb * code.sizeMultiplier;
    // Frames above 4096 bytes never use an elided header.
    const elided = size > 4096 ? 0 : main.elisionLengths[headerIndex];
    const pts = codedPts === undefined ? this.#lastPts + code.ptsDelta : fullPts(codedPts, this.#lastPts, stream);
    if (streamId !== 0) throw new NutError(`frame of stream ${streamId}`);
    if (flags & NUT_FLAGS.endOfRelevance && size === 0) return undefined;
    if (elided !== 0 || flags & NUT_FLAGS.sideData) throw new NutError('frame with side data or an elided header');
    if (this.#sizeOfAll !== null && size !== this.#sizeOfAll) {
      throw new NutSizeChange(`frame of ${size} bytes where ${this.#sizeOfAll} were expected`);
    }
    this.#checkBytes(size);
    this.#frameBytes = size;
    this.#lastPts = pts;
    this.#awaitingTarget = true;
    return {
      kind: 'frame-start',
      ptsUs: Math.round((pts * stream.timeBase.numerator * 1e6) / stream.timeBase.denominator),
      bytes: size,
    };
  }
}
