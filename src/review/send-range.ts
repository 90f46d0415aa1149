import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from '../server/http-answer.js';

/** Which bytes a Range header asks for: null for all of them, 'none' for some that are not there. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { readonly from: number; readonly to: number } | 'none' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  return from <= to && from < size ? { from, to } : 'none';
}

/** Sends a file, or the part of it that is asked for, so that a player can jump. Rejects when there is no such file. */
export async function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  file: { readonly path: string; readonly contentType: string },
): Promise<void> {
  const { size } = await stat(file.path);
  const range = rangeOf(request.headers.range, size);
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': file.contentType,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
  };
  if (range === 'none') {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end();
    return;
  }
  const { from, to } = range ?? { from: 0, to: size - 1 };
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'content-length': to - from + 1,
    ...(range ? { 'content-range': `bytes ${from}-${to}/${size}` } : {}),
  });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  const stream = createReadStream(file.path, { start: from, end: to });
  // A player that jumps drops the connection; a file that goes away ends it.
  response.once('close', () => stream.destroy());
  stream.once('error', () => response.destroy());
  stream.pipe(response);
}
