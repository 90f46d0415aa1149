import { FIRST_LINE, parseHead, type RtspMessage, valuesOf } from './rtsp-message.js';

/** Interleaved packets as they came, headers and all, perhaps cut anywhere; or a whole message. */
export type RtspPart =
  | { readonly kind: 'media'; readonly bytes: Uint8Array }
  | { readonly kind: 'message'; readonly message: RtspMessage };

const DOLLAR = 0x24;
const NEWLINE = 0x0a;
/** RTP has 12 bytes, RTCP 8; ffmpeg would take the payload of a shorter packet for text of the protocol. */
const LEAST_PACKET = 8;
const MOST_LINE = 4 * 1024;
const MOST_HEAD = 16 * 1024;
const MOST_BODY = 1024 * 1024;

/**
 * Takes one direction of an RTSP connection apart (RFC 2326, 10.12). Packets are handed on as slices of what was pushed,
 * without a copy. Bytes that belong to neither packet nor message are left out, so that whoever reads what is handed on
 * sees only what was understood here.
 */
export class RtspReader {
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of the current packet still to come, and whether they are handed on. */
  #packet = { left: 0, kept: true };

  push(chunk: Uint8Array): RtspPart[] {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : asBuffer(chunk);
    const parts: RtspPart[] = [];
    let at = 0;
    let media: number | null = null;
    const flush = (end: number) => {
      if (media !== null && end > media) parts.push({ kind: 'media', bytes: data.subarray(media, end) });
      media = null;
    };
    while (at < data.length) {
      if (this.#packet.left > 0) {
        const taken = Math.min(this.#packet.left, data.length - at);
        if (this.#packet.kept) media ??= at;
        this.#packet.left -= taken;
        at += taken;
      } else if (data[at] === DOLLAR) {
        if (data.length - at < 4) break;
        const length = data.readUInt16BE(at + 2);
        this.#packet = { left: length + 4, kept: length >= LEAST_PACKET };
        if (!this.#packet.kept) flush(at);
      } else {
        flush(at);
        const read = readMessage(data, at);
        if (read === 'incomplete') break;
        if (read.message) parts.push({ kind: 'message', message: read.message });
        at = read.end;
      }
    }
    flush(at);
    this.#rest = data.subarray(at);
    return parts;
  }
}

/** A message at `at`, or where to read on after bytes that begin none. */
function readMessage(
  data: Buffer,
  at: number,
): 'incomplete' | { readonly end: number; readonly message?: RtspMessage } {
  const none = { end: nextStart(data, at + 1) };
  if (!isCapital(data[at]!)) return none; // Empty lines between messages, or noise.
  const seen = data.subarray(at, at + MOST_HEAD);
  const firstLine = seen.subarray(0, MOST_LINE).indexOf(NEWLINE);
  if (firstLine < 0) return seen.length < MOST_LINE ? 'incomplete' : none;
  if (!FIRST_LINE.test(linesOf(seen, firstLine)[0]!)) return none;
  const ends = ['\n\r\n', '\n\n'].map((end) => ({ at: seen.indexOf(end), length: end.length }));
  const end = ends.filter((each) => each.at >= 0).sort((a, b) => a.at - b.at)[0];
  if (!end) return seen.length < MOST_HEAD ? 'incomplete' : none;
  const head = parseHead(linesOf(seen, end.at));
  const from = at + end.at + end.length;
  const length = Number(valuesOf(head, 'content-length')[0] ?? 0);
  if (!(Number.isInteger(length) && length >= 0 && length <= MOST_BODY)) return { end: from };
  if (data.length - from < length) return 'incomplete';
  return { end: from + length, message: { ...head, body: data.toString('latin1', from, from + length) } };
}

function linesOf(data: Buffer, end: number): string[] {
  return data
    .toString('latin1', 0, end)
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
}

/** The next byte that can begin a packet or a message: '$', or a capital letter. */
function nextStart(data: Buffer, from: number): number {
  for (let at = from; at < data.length; at++) if (data[at] === DOLLAR || isCapital(data[at]!)) return at;
  return data.length;
}

const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
