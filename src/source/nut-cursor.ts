/** The bytes are not a NUT file that we accept. */
export class NutError extends Error {}

/** Its frames do not have the size they began with. */
export class NutSizeChange extends NutError {}

/** The value reaches beyond the bytes at hand. */
export class NutShortRead extends Error {}

const SHORT = new NutShortRead('more bytes needed');

/** Reads NUT numbers from a byte range. Throws NutShortRead at its end, NutError for numbers beyond 2^53. */
export class NutCursor {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(bytes: Uint8Array, range: { start: number; end: number }) {
    this.#bytes = bytes;
    this.at = range.start;
    this.#end = range.end;
  }

  get left(): number {
    return this.#end - this.at;
  }

  byte(): number {
    if (this.at >= this.#end) throw SHORT;
    return this.#bytes[this.at++]!;
  }

  uint32(): number {
    if (this.left < 4) throw SHORT;
    const b = this.#bytes;
    const value = ((b[this.at]! << 24) | (b[this.at + 1]! << 16) | (b[this.at + 2]! << 8) | b[this.at + 3]!) >>> 0;
    this.at += 4;
    return value;
  }

  /** NUT `v`: 7 bits a byte, most significant first. */
  unsigned(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if (value > Number.MAX_SAFE_INTEGER) throw new NutError('number beyond 53 bits');
      if (byte < 128) return value;
    }
  }

  /** NUT `s`: signed, sign in the lowest bit. */
  signed(): number {
    const value = this.unsigned() + 1;
    return value % 2 === 1 ? -(value - 1) / 2 : value / 2;
  }

  /** NUT `vb`: length and that many bytes. */
  block(): Uint8Array {
    const length = this.unsigned();
    if (length > this.left) throw SHORT;
    const block = this.#bytes.subarray(this.at, this.at + length);
    this.at += length;
    return block;
  }
}
