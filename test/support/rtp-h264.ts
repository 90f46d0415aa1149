/** One coded picture: its NAL units without start codes. */
export type AccessUnit = readonly Uint8Array[];

const PAYLOAD_BYTES = 1_400;
const PAYLOAD_TYPE = 96;

/** NAL units of an Annex B byte stream, grouped into pictures. */
export function accessUnits(annexB: Uint8Array): AccessUnit[] {
  const units: Uint8Array[][] = [];
  let open: Uint8Array[] = [];
  let hasSlice = false;
  for (const nal of nalUnits(annexB)) {
    const type = nal[0]! & 31;
    const slice = type === 1 || type === 5;
    // A slice that begins at the first macroblock (ue(0) is one set bit), or anything that precedes slices.
    const begins = slice ? (nal[1]! & 0x80) !== 0 : type >= 6 && type <= 9;
    if (begins && hasSlice) {
      units.push(open);
      open = [];
      hasSlice = false;
    }
    open.push(nal);
    hasSlice ||= slice;
  }
  if (hasSlice) units.push(open);
  return units;
}

function nalUnits(bytes: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) starts.push(at + 3);
  }
  return starts.map((start, index) => {
    let end = index + 1 < starts.length ? starts[index + 1]! - 3 : bytes.length;
    while (end > start && bytes[end - 1] === 0) end--;
    return bytes.subarray(start, end);
  });
}

/** RTP packets of one picture (RFC 6184, packetization mode 1: single NAL units and FU-A). */
export function rtpPackets(
  unit: AccessUnit,
  stream: { sequence: number; readonly timestamp: number; readonly ssrc: number },
): Buffer[] {
  const payloads = unit.flatMap((nal) => (nal.length <= PAYLOAD_BYTES ? [Buffer.from(nal)] : fragments(nal)));
  return payloads.map((payload, index) => {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = PAYLOAD_TYPE | (index === payloads.length - 1 ? 0x80 : 0);
    header.writeUInt16BE(stream.sequence++ & 0xffff, 2);
    header.writeUInt32BE(stream.timestamp >>> 0, 4);
    header.writeUInt32BE(stream.ssrc, 8);
    return Buffer.concat([header, payload]);
  });
}

function fragments(nal: Uint8Array): Buffer[] {
  const body = nal.subarray(1);
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += PAYLOAD_BYTES) {
    const end = Math.min(body.length, at + PAYLOAD_BYTES);
    const flags = (at === 0 ? 0x80 : 0) | (end === body.length ? 0x40 : 0);
    pieces.push(Buffer.from([(nal[0]! & 0xe0) | 28, flags | (nal[0]! & 31), ...body.subarray(at, end)]));
  }
  return pieces;
}

/** The session description of such a stream. */
export function h264Sdp(unit: AccessUnit): string {
  const sets = unit.filter((nal) => (nal[0]! & 31) === 7 || (nal[0]! & 31) === 8);
  const profile = Buffer.from(sets[0]!.subarray(1, 4)).toString('hex');
  const sprop = sets.map((nal) => Buffer.from(nal).toString('base64')).join(',');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=mien test',
    't=0 0',
    'a=control:*',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    'c=IN IP4 0.0.0.0',
    `a=rtpmap:${PAYLOAD_TYPE} H264/90000`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sprop}`,
    'a=control:track1',
    '',
  ].join('\r\n');
}
