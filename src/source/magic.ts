const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

/** First bytes of the common containers, each at its offset. */
const SIGNATURES: readonly { readonly offset: number; readonly bytes: readonly number[] }[] = [
  ...['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide'].map((box) => ({ offset: 4, bytes: ascii(box) })), // MP4, MOV
  { offset: 0, bytes: [0x1a, 0x45, 0xdf, 0xa3] }, // Matroska, WebM
  { offset: 8, bytes: ascii('AVI ') },
  { offset: 0, bytes: ascii('FLV') },
  { offset: 0, bytes: ascii('OggS') },
  { offset: 0, bytes: [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11] }, // ASF, WMV
  { offset: 0, bytes: [0, 0, 1, 0xba] }, // MPEG program stream
  { offset: 0, bytes: [0, 0, 1, 0xb3] }, // MPEG video
  { offset: 0, bytes: ascii('GIF8') },
];

/** True when a file begins like a video container: one that cannot be opened is then damaged, not something else. */
export function looksLikeContainer(start: Uint8Array): boolean {
  const matches = ({ offset, bytes }: (typeof SIGNATURES)[number]) =>
    bytes.every((byte, at) => start[offset + at] === byte);
  const transportStream = [0, 188, 376].every((at) => start[at] === 0x47);
  return transportStream || SIGNATURES.some(matches);
}

/** What a file is that is often taken for a video; null when nothing is known. `start`: its first bytes. */
export function otherKind(start: Uint8Array): string | null {
  const known = OTHERS.find(([, bytes]) => bytes.every((byte, at) => start[at] === byte));
  if (known) return known[0];
  return start.length > 0 && start.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) ? 'text' : null;
}

const OTHERS: readonly (readonly [string, readonly number[]])[] = [
  ['an archive (ZIP) or office document', ascii('PK')],
  ['an archive (gzip)', [0x1f, 0x8b]],
  ['an archive (7z)', ascii('7z')],
  ['an archive (RAR)', ascii('Rar!')],
  ['a PDF document', ascii('%PDF')],
  ['a picture (PNG)', [0x89, ...ascii('PNG')]],
  ['a picture (JPEG)', [0xff, 0xd8, 0xff]],
  ['a program', [0x7f, ...ascii('ELF')]],
];
