import type { IncomingHttpHeaders } from 'node:http';
import { Transform } from 'node:stream';

/** A line that grows longer than this is passed on as it is. */
const LONGEST_LINE = 65_536;

/** Pure: whether an answer is an HLS playlist whose text can be read here. */
export function isPlaylist(path: string, headers: IncomingHttpHeaders): boolean {
  const named = /mpegurl/i.test(headers['content-type'] ?? '') || /\.m3u8$/i.test(path.replace(/\?.*$/, ''));
  return named && (headers['content-encoding'] ?? 'identity') === 'identity';
}

/** Headers of a playlist that is written anew: of another length, and whole. */
export function withoutLength(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { 'content-length': _, 'content-range': __, 'accept-ranges': ___, ...others } = headers;
  return others;
}

/** Rewrites the https addresses of a playlist, line by line; bytes of other encodings stay as they are. */
export function rewriteAddresses(address: (https: string) => string): Transform {
  const rewritten = (text: string): string => text.replace(/https:\/\/[^\s"']+/gi, address);
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const text = rest + chunk.toString('latin1');
      const end = text.length > LONGEST_LINE ? text.length : text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      done(null, Buffer.from(rewritten(text.slice(0, end)), 'latin1'));
    },
    flush: (done) => done(null, Buffer.from(rewritten(rest), 'latin1')),
  });
}
