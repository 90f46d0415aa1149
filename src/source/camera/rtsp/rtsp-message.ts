/** A request or answer of RTSP 1.0 (RFC 2326). `start` is its first line; header names are as written. */
export interface RtspMessage {
  readonly start: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** One character for each byte. */
  readonly body: string;
}

export interface RequestLine {
  readonly method: string;
  readonly uri: string;
}

/** What a message begins with. */
export const FIRST_LINE = /^(?:RTSP\/1\.\d+ +\d{3}(?: .*)?|[A-Z_]{3,20} +\S+ +RTSP\/1\.\d+)$/;

/** Pure: a message from its lines, without the empty one; lines that are no headers are left out. */
export function parseHead([start = '', ...rest]: readonly string[]): Omit<RtspMessage, 'body'> {
  const headers = rest.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const] : [];
  });
  return { start, headers };
}

/** The values of a header, in order. */
export function valuesOf(message: Pick<RtspMessage, 'headers'>, name: string): string[] {
  return message.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

export function requestLine(message: RtspMessage): RequestLine | null {
  const parts = /^([A-Z_]+) +(\S+) +RTSP\//.exec(message.start);
  return parts && { method: parts[1]!, uri: parts[2]! };
}

/** Status and reason of an answer; null for a request. */
export function statusLine(message: RtspMessage): { readonly status: number; readonly reason: string } | null {
  const parts = /^RTSP\/1\.\d+ +(\d{3})(?: (.*))?$/.exec(message.start);
  return parts && { status: Number(parts[1]), reason: parts[2] ?? '' };
}

/** A message as it goes over the wire; Content-Length is that of the body, whatever the headers say. */
export function writeMessage({ start, headers, body }: RtspMessage): Buffer {
  const kept = headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  const lines = [start, ...kept.map(([name, value]) => `${name}: ${value}`)];
  if (body !== '') lines.push(`Content-Length: ${body.length}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}
