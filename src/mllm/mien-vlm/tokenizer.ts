/** What tokenizer.json holds: words by one regular expression, byte pairs to merge in order of rank, ids of special tokens. */
export interface TokenizerFile {
  readonly pattern: string;
  readonly merges: readonly (readonly [number, number])[];
  readonly special: Readonly<Record<string, number>>;
}

/** Ids below are bytes of UTF-8. */
const BYTES = 256;
/** Words that are remembered: questions repeat themselves. */
const MOST_REMEMBERED = 4096;

/**
 * Byte-pair encoding (models/training/vlm/tokenizer.py): any text can be written, and special tokens cannot be written as
 * text.
 */
export class Tokenizer {
  readonly #words: RegExp;
  /** By id: its bytes. */
  readonly #bytes: Uint8Array[];
  /** By left id × number of ids + right id. */
  readonly #ranks = new Map<number, number>();
  readonly #remembered = new Map<string, readonly number[]>();
  readonly #special: TokenizerFile['special'];

  constructor({ pattern, merges, special }: TokenizerFile) {
    this.#words = new RegExp(pattern, 'g');
    this.#special = special;
    this.#bytes = Array.from({ length: BYTES }, (_, byte) => Uint8Array.of(byte));
    for (const [rank, [left, right]] of merges.entries()) {
      this.#bytes.push(Uint8Array.of(...this.#bytes[left]!, ...this.#bytes[right]!));
      this.#ranks.set(left * (BYTES + merges.length) + right, rank);
    }
  }

  /** Id of a special token. Throws RangeError for one that there is not. */
  special(name: string): number {
    const id = this.#special[name];
    if (id === undefined) throw new RangeError(`the tokenizer has no token ${name}`);
    return id;
  }

  encode(text: string): number[] {
    return Array.from(text.matchAll(this.#words)).flatMap(([word]) => this.#word(word));
  }

  /** The text; special tokens say nothing, broken characters become U+FFFD, and one at the end of `unfinished` text is left out. */
  decode(ids: readonly number[], { unfinished = false } = {}): string {
    const bytes = ids.flatMap((id) => Array.from(this.#bytes[id] ?? []));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes), { stream: unfinished });
  }

  #word(word: string): readonly number[] {
    const known = this.#remembered.get(word);
    if (known !== undefined) return known;
    const ids = this.#merged(Array.from(new TextEncoder().encode(word)));
    if (this.#remembered.size < MOST_REMEMBERED) this.#remembered.set(word, ids);
    return ids;
  }

  /** Applies the merge of lowest rank, the leftmost first, until none is left. */
  #merged(ids: number[]): number[] {
    for (;;) {
      let place = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let at = 0; at + 1 < ids.length; at++) {
        const rank = this.#ranks.get(ids[at]! * this.#bytes.length + ids[at + 1]!);
        if (rank !== undefined && rank < least) {
          least = rank;
          place = at;
        }
      }
      if (place < 0) return ids;
      ids.splice(place, 2, BYTES + least);
    }
  }
}
