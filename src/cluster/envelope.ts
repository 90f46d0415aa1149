const LENGTH_BYTES = 4;

/** A message of the bus: uint32 big-endian length of the header, the header as JSON in UTF-8, then the parts. */
export function packMessage(header: object, parts: readonly Uint8Array[] = []): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = parts.reduce((sum, { length }) => sum + length, LENGTH_BYTES + text.length);
  const message = new Uint8Array(size);
  new DataView(message.buffer).setUint32(0, text.length);
  message.set(text, LENGTH_BYTES);
  let at = LENGTH_BYTES + text.length;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

/** Header and what follows it, a view of the message. Null when it is no message of this form. */
export function unpackMessage(data: Uint8Array): { readonly header: unknown; readonly rest: Uint8Array } | null {
  if (data.length < LENGTH_BYTES) return null;
  // What comes from a socket is a Buffer, whose parts would be Buffers.
  const message = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const length = new DataView(message.buffer, message.byteOffset).getUint32(0);
  if (LENGTH_BYTES + length > message.length) return null;
  const text = message.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    return { header, rest: message.subarray(LENGTH_BYTES + length) };
  } catch {
    // Not UTF-8, or not JSON: no message of ours.
    return null;
  }
}

/** The parts that lie one after the other, by their lengths; null unless they are all there and nothing else is. */
export function splitParts(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] | null {
  if (lengths.reduce((sum, length) => sum + length, 0) !== bytes.length) return null;
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
}
