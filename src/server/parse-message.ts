import type { z } from 'zod';
import { decodeBinary } from '../protocol/binary.js';
import { clientMessage, pushHeader } from '../protocol/messages.js';
import { parseAs } from './parse-as.js';
import { Problem } from './problem.js';

/** A text message of a client. Throws BAD_REQUEST for what is none. */
export function parseMessage(text: string): z.output<typeof clientMessage> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('BAD_REQUEST', 'the message is not JSON');
  }
  return parseAs(clientMessage, value, 'message');
}

/** A pushed picture. The JPEG is a copy: the message's memory is not ours. Throws BAD_REQUEST for what is none. */
export function parsePush(message: Uint8Array): { readonly source: string; readonly jpeg: Uint8Array } {
  const decoded = decodeBinary(message);
  const header = decoded && pushHeader.safeParse(decoded.header);
  if (!decoded || !header?.success) {
    throw new Problem('BAD_REQUEST', 'a binary message is the length of a header, the header {"type":"push"}, a JPEG');
  }
  const { body } = decoded;
  if (body[0] !== 0xff || body[1] !== 0xd8 || body[2] !== 0xff) {
    throw new Problem('BAD_REQUEST', 'the pushed picture is not a JPEG');
  }
  return { source: header.data.source, jpeg: body };
}

/** Subscription that a refused message was about, where it can be told. */
export function refOf(text: string): string | null {
  return /"id"\s*:\s*"([A-Za-z0-9_-]{1,32})"/.exec(text.slice(0, 4096))?.[1] ?? null;
}
