/** Longest JSON header of a binary message, bytes. */
export const MAX_BINARY_HEADER_BYTES = 1024;

const LENGTH_BYTES = 4;
/** Most that a binary message has beside its body, bytes. */
export const BINARY_OVERHEAD_BYTES = LENGTH_BYTES + MAX_BINARY_HEADER_BYTES;

/** A binary message: uint32 big-endian length of the header, the header as JSON in UTF-8, then the body. */
export function encodeBinary(header: object, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(LENGTH_BYTES + text.length + body.length);
  new DataView(message.buffer).setUint32(0, text.length);
  message.set(text, LENGTH_BYTES);
  message.set(body, LENGTH_BYTES + text.length);
  return message;
}

/** Header and body of a binary message; the body is a view of it. Null when it is none. */
export function decodeBinary(message: Uint8Array): { readonly header: unknown; readonly body: Uint8Array } | null {
  if (message.length < LENGTH_BYTES) return null;
  const length = new DataView(message.buffer, message.byteOffset).getUint32(0);
  if (length > MAX_BINARY_HEADER_BYTES || LENGTH_BYTES + length > message.length) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      message.subarray(LENGTH_BYTES, LENGTH_BYTES + length),
    );
    return { header: JSON.parse(text) as unknown, body: message.subarray(LENGTH_BYTES + length) };
  } catch {
    // Not UTF-8, or not JSON: no message of ours.
    return null;
  }
}
