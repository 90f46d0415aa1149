import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import { readAffectModel } from '../../eval/affect-network.js';
import { evalPicture } from '../../eval/eval-picture.js';
import { csvMaterial, ferbenchMaterial, type Material, npzMaterial } from '../../eval/material.js';
import { robustnessPicture } from '../../eval/robustness-picture.js';
import { runEval } from '../../eval/run-eval.js';
import { modelFolder } from '../../eval/shipped-model.js';
import { robustnessMarkdown, terminalLines } from '../../eval/tables.js';
import { mienVersion } from '../../package-info.js';
import { ProgressPrinter } from '../progress.js';
import { whileStoppable } from '../stop-on-signals.js';
import type { AffectFlags, CsvFlags, FerbenchFlags, NpzFlags } from './affect-flags.js';
import { writeResult } from './write-result.js';

/** `mien eval csv LIST`. */
export const evalCsv = (list: string, flags: CsvFlags): Promise<void> =>
  measure(flags, () => csvMaterial(list, { image: flags.imageColumn, label: flags.labelColumn }, flags.images));

/** `mien eval npz FILE --split S`. */
export const evalNpz = (file: string, flags: NpzFlags): Promise<void> =>
  measure(flags, () => npzMaterial(file, flags.split));

/** `mien eval ferbench --questions F`. */
export const evalFerbench = (flags: FerbenchFlags): Promise<void> =>
  measure(flags, () => ferbenchMaterial(flags.questions, flags.images));

const measure = (flags: AffectFlags, read: () => Promise<Material>): Promise<void> =>
  whileStoppable(({ signal }) => measureUntil(signal, flags, read));

/** Measures an affect model on labelled images; what is wrong with the output or the model is found before they are read. */
async function measureUntil(signal: AbortSignal, flags: AffectFlags, read: () => Promise<Material>): Promise<void> {
  const { flip = false, align = false, robustness = false, out } = flags;
  const names = ['eval.json', 'eval.png', ...(robustness ? ['robustness.md', 'robustness.png'] : [])];
  const existing = names.map((name) => join(out, name)).find((path) => existsSync(path));
  if (existing !== undefined && !flags.overwrite)
    throw new AffectError('OUTPUT_EXISTS', `${existing} exists; choose --overwrite or another --out`);
  const model = readAffectModel(modelFolder(flags.model));
  const material = await read();
  await writeResult(out, () => mkdir(out, { recursive: true }));
  const printer = new ProgressPrinter(process.stderr);
  try {
    const report = await runEval({
      ...material,
      mienVersion: mienVersion(),
      model,
      flip,
      align,
      robustness,
      device: flags.device,
      signal,
      onProgress: (done, total) => printer.show(`${done} of ${total} images`),
    });
    printer.clear();
    const save = (name: string, content: string | Uint8Array): Promise<void> =>
      writeResult(join(out, name), () => writeFile(join(out, name), content));
    await save('eval.json', `${JSON.stringify(report, null, 2)}\n`);
    await save('eval.png', await evalPicture(report));
    if (report.robustness) {
      await save('robustness.md', robustnessMarkdown(report));
      await save('robustness.png', await robustnessPicture(report, report.robustness));
    }
    for (const line of [...terminalLines(report), `written: ${names.map((name) => join(out, name)).join(', ')}`])
      process.stdout.write(`${line}\n`);
  } finally {
    printer.clear();
  }
}
