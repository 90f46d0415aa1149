// Takes what rules of mien send over HTTP, checks who sent it, and prints it. Needs nothing but Node.
//
// MIEN_WEBHOOK_SECRET=… node examples/webhook.mjs 8080
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.MIEN_WEBHOOK_SECRET;
const port = Number(process.argv[2] ?? 8080);
if (!secret) throw new Error('put the secret that mien has into MIEN_WEBHOOK_SECRET');

function isFromMien(body, header) {
  const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header ?? '') ?? [];
  if (!digest || Math.abs(Date.now() / 1000 - Number(seconds)) > 300) return false;
  const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest();
  return timingSafeEqual(expected, Buffer.from(digest, 'hex'));
}

/** Keys of messages: one comes again where its answer was lost. A real receiver keeps them longer than it runs. */
const seen = new Set();

createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  if (!isFromMien(body, request.headers['mien-signature'])) return response.writeHead(401).end();
  const key = request.headers['idempotency-key'];
  if (!seen.has(key)) {
    const { at, source, rule, phase } = JSON.parse(body);
    console.log(`${at} camera ${source}: rule ${rule}, ${phase}`);
  }
  seen.add(key);
  response.writeHead(204).end();
}).listen(port, '127.0.0.1', () => console.log(`waits for mien at http://127.0.0.1:${port}/`));
