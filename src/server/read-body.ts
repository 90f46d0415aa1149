import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.js';

const tooLarge = (maxBytes: number): Problem =>
  new Problem('TOO_LARGE', `the body is over ${maxBytes} bytes: send less`);

/** A JSON body of at most `maxBytes`. Throws UNSUPPORTED_MEDIA, TOO_LARGE, or BAD_REQUEST when it is no JSON. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Problem('UNSUPPORTED_MEDIA', 'the body must be application/json');
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const text = await new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.pause();
        request.removeAllListeners('data');
        reject(tooLarge(maxBytes));
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => reject(new Problem('BAD_REQUEST', 'the body ended too early')));
    request.on('close', () => reject(new Problem('BAD_REQUEST', 'the body ended too early')));
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('BAD_REQUEST', 'the body is not JSON');
  }
}
