import { createHmac } from 'node:crypto';

/**
 * Header `Mien-Signature`: the time of the try and HMAC-SHA256 over `<t>.<body>`, so that a receiver knows who sent a
 * message, that nobody changed it, and that it is not an old one sent again by somebody else.
 *
 * @param seconds - since 1970
 */
export function signatureOf(body: string, secret: string, seconds: number): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
