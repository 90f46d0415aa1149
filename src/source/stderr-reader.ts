import { debuglog } from 'node:util';

const debug = debuglog('mien');

/** What ffmpeg's log lines (written with `-loglevel repeat+level+warning`) say about the input. */
export class StderrReader {
  #damageLines = 0;
  #lastDamage: string | undefined;
  #lastError: string | undefined;
  #noDecoder = false;

  /** Takes one line, without secrets: NODE_DEBUG=mien shows it. Keeps only counts and the last line of each sort. */
  add(line: string): void {
    const match = /\[(warning|error|fatal|panic)\] (.*)$/.exec(line);
    if (!match) return;
    debug('ffmpeg: %s', line);
    const [, level, said] = match as unknown as [string, string, string];
    if (NO_DECODER.test(said)) this.#noDecoder = true;
    if (level === 'warning') {
      if (!WARNING_OF_DAMAGE.test(said)) return;
    } else if (HARMLESS_ERROR.test(said)) return;
    else this.#lastError = tidy(said);
    this.#damageLines++;
    this.#lastDamage = tidy(said);
  }

  get damageLines(): number {
    return this.#damageLines;
  }
  get lastDamage(): string | undefined {
    return this.#lastDamage;
  }
  get lastError(): string | undefined {
    return this.#lastError;
  }
  get noDecoder(): boolean {
    return this.#noDecoder;
  }
}

const NO_DECODER = /no decoder found for|Decoder \(codec .*\) not found|Unknown decoder/i;
const WARNING_OF_DAMAGE = /corrupt|truncat|ended prematurely/i;
/** Logged as errors, yet said of files that decode in full. */
const HARMLESS_ERROR =
  /non.?monoton|deprecated|Late SEI|Referenced QT chapter|co located POCs|mmco: unref short|number of reference frames|stream #?\d+.*attached|Application provided invalid/i;

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
