import { basename, extname, join } from 'node:path';

/** Where the results of one input go. */
export interface OutputPlan {
  readonly input: string;
  /** Id of the source in records, and base name of its files. */
  readonly name: string;
  /** Folder of its own under the chosen output folder. */
  readonly dir: string;
}

/** A file's base name without what could surprise a shell, a URL or a spreadsheet. */
export function sourceName(path: string): string {
  const name = basename(path, extname(path))
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._ -]+/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '');
  return name === '' ? 'video' : name;
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
