import { createHash } from 'node:crypto';
import { basename, extname, join } from 'node:path';

/** Where the results of one input go. */
export interface OutputPlan {
  readonly input: string;
  /** Id of the source in records, and base name of its files. */
  readonly name: string;
  /** Folder of its own under the chosen output folder. */
  readonly dir: string;
}

/** Bytes of a name as UTF-8: with the longest ending of our files it then fits where names end at 143 bytes. */
const MAX_NAME_BYTES = 100;
const RESERVED_ON_WINDOWS = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A file's base name without what could surprise a shell, a URL, a spreadsheet or another system. A name that is too
 * long is cut, and ends in `~` and 8 digits that differ for different names.
 */
export function sourceName(path: string): string {
  const whole = basename(path, extname(path)).normalize('NFC');
  const name = whole.replace(/[^\p{L}\p{N}._ -]+/gu, '_').replace(/^[. ]+|[. ]+$/g, '');
  if (name === '') return 'video';
  if (RESERVED_ON_WINDOWS.test(name) || name.startsWith('-')) return shortened(`_${name}`, whole);
  return shortened(name, whole);
}

function shortened(name: string, whole: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const mark = `~${createHash('sha256').update(whole).digest('hex').slice(0, 8)}`;
  let kept = '';
  let bytes = mark.length;
  for (const letter of name) {
    bytes += Buffer.byteLength(letter);
    if (bytes > MAX_NAME_BYTES) break;
    kept += letter;
  }
  return `${kept}${mark}`;
}

/** One folder per input; inputs of the same name get `-2`, `-3` … in the order given, so that a rerun finds its own. */
export function planOutputs(inputs: readonly string[], outDir: string): OutputPlan[] {
  const taken = new Set<string>();
  return inputs.map((input) => {
    const base = sourceName(input);
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}-${n}`;
    taken.add(name.toLowerCase());
    return { input, name, dir: join(outDir, name) };
  });
}
