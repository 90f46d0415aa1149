import { createReadStream } from 'node:fs';
import { AffectError } from '../../domain/errors.js';

/** Longest line that is read: an answer of 65,536 characters, escaped, fits many times. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

export interface FileLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Whether a line feed ends it: only the last line of a file may lack one. */
  readonly whole: boolean;
  /** Bytes of the file up to and with this line. */
  readonly endByte: number;
}

/**
 * Lines of a UTF-8 file that end at line feeds alone: node:readline also ends them at U+2028, which JSON may hold. Throws
 * INPUT_DAMAGED at a line longer than 4 MiB.
 */
export async function* fileLines(path: string): AsyncGenerator<FileLine> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  let endByte = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      number += 1;
      endByte += end + 1 - start;
      yield { number, text: rest.toString('utf8', start, end), whole: true, endByte };
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > MAX_LINE_BYTES)
      throw new AffectError('INPUT_DAMAGED', `${path}, line ${number + 1} is longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (rest.length > 0)
    yield { number: number + 1, text: rest.toString('utf8'), whole: false, endByte: endByte + rest.length };
}
