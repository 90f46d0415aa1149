/** Constants of the NUT container (nut.txt of the NUT project, version 3, as ffmpeg 5 to 7 write it). */

export const NUT_FILE_ID = new TextEncoder().encode('nut/multimedia container\0');

/** High and low 32 bits of the 64-bit start codes. All begin with the letter N. */
export const NUT_STARTCODES = {
  main: { high: 0x4e4d7a56, low: 0x1f5f04ad },
  stream: { high: 0x4e531140, low: 0x5bf2f9db },
  syncpoint: { high: 0x4e4be4ad, low: 0xeeca4569 },
  index: { high: 0x4e58dd67, low: 0x2f23e64e },
  info: { high: 0x4e49ab68, low: 0xb596ba78 },
} as const;

export type NutPacketKind = keyof typeof NUT_STARTCODES;

/** First byte of every start code; never a frame code. */
export const NUT_STARTCODE_BYTE = 0x4e;

export const NUT_FLAGS = {
  key: 1,
  endOfRelevance: 2,
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/** NUT checksum: CRC-32 with polynomial 0x04C11DB7, not reflected, start value 0. Over data and its checksum it is 0. */
export function nutChecksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ byte]!) >>> 0;
  return crc;
}
