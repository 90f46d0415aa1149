import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AffectError } from '../domain/errors.js';
import { readAffectModel } from '../eval/affect-network.js';
import { parseCsvList } from '../eval/csv-list.js';
import { evalPicture } from '../eval/eval-picture.js';
import type { EvalReport } from '../eval/eval-report.js';
import { parseQuestions } from '../eval/ferbench-questions.js';
import { ferplusItems, SPLITS, type Split } from '../eval/ferplus.js';
import { folderSource, type ImageSource, npzSource } from '../eval/image-source.js';
import type { EvalItem } from '../eval/items.js';
import { readNpz } from '../eval/npz-file.js';
import { robustnessPicture } from '../eval/robustness-picture.js';
import { runEval } from '../eval/run-eval.js';
import { robustnessMarkdown, terminalLines } from '../eval/tables.js';
import { mienVersion } from '../package-info.js';
import type { EvalFlags, EvalKind } from './eval-flags.js';
import { ProgressPrinter } from './progress.js';
import { stopOnSignals } from './stop-on-signals.js';

interface Material {
  readonly items: readonly EvalItem[];
  readonly images: ImageSource;
  readonly data: EvalReport['data'];
}

const usage = (message: string): AffectError => new AffectError('USAGE', message);

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check the path`, { cause: error });
  });
}

const openImages = async (path: string): Promise<ImageSource> =>
  path.endsWith('.npz') ? npzSource(await readNpz(path)) : folderSource(path);

/** Reads the list that the command line names. */
async function material(kind: EvalKind | undefined, file: string | undefined, flags: EvalFlags): Promise<Material> {
  const chosen = kind ?? (flags.csv === undefined ? undefined : 'csv');
  if (!chosen) throw usage('say what to measure on: mien eval ferbench, mien eval csv, mien eval npz, or --csv');
  if (flags.questions !== undefined && chosen !== 'ferbench') throw usage('--questions belongs to mien eval ferbench');
  if (flags.csv !== undefined && chosen !== 'csv') throw usage(`--csv does not go with mien eval ${chosen}`);
  if (flags.split !== undefined && chosen !== 'npz') throw usage('--split belongs to mien eval npz');
  if (chosen === 'npz') {
    if (file === undefined) throw usage('mien eval npz needs a file: mien eval npz FILE.npz --split valid');
    if (flags.split === undefined)
      throw usage(`choose --split ${SPLITS.join(', ')}; the test split is for the last number only`);
    if (flags.images !== undefined) throw usage('--images does not go with mien eval npz: the file holds the images');
    const npz = await readNpz(file);
    const items = ferplusItems(npz, flags.split as Split);
    return { items, images: npzSource(npz), data: { kind: chosen, list: file, images: file, split: flags.split } };
  }
  if ((flags.questions?.length ?? 0) > 1)
    throw usage('several --questions need --engine-url; measure one set at a time');
  const list = chosen === 'ferbench' ? flags.questions?.[0] : (flags.csv ?? file);
  if (list === undefined)
    throw usage(
      chosen === 'ferbench' ? 'mien eval ferbench needs --questions FILE.json' : 'mien eval csv needs a list: LIST.csv',
    );
  if (file !== undefined && file !== list) throw usage(`${file} is one file too many; the list is ${list}`);
  const text = await readText(list);
  const items =
    chosen === 'ferbench'
      ? parseQuestions(text, list)
      : parseCsvList(text, list, { image: flags.imageColumn, label: flags.labelColumn });
  const imagesPath = flags.images ?? dirname(list);
  return { items, images: await openImages(imagesPath), data: { kind: chosen, list, images: imagesPath, split: null } };
}

/** Measures an affect model on labelled images. */
export async function evalCommand(
  kind: EvalKind | undefined,
  file: string | undefined,
  flags: EvalFlags,
): Promise<void> {
  if (flags.align && flags.robustness) throw usage('--robustness measures aligned crops: leave out --align');
  const names = ['eval.json', 'eval.png', ...(flags.robustness ? ['robustness.md', 'robustness.png'] : [])];
  const existing = names.map((name) => join(flags.out, name)).find((path) => existsSync(path));
  if (existing !== undefined && !flags.overwrite)
    throw new AffectError('OUTPUT_EXISTS', `${existing} exists; choose --overwrite or another --out`);
  const model = readAffectModel(flags.model);
  const { items, images, data } = await material(kind, file, flags);
  await writable(flags.out, () => mkdir(flags.out, { recursive: true }));
  const stopper = stopOnSignals();
  const printer = new ProgressPrinter(process.stderr);
  try {
    const report = await runEval({
      mienVersion: mienVersion(),
      model,
      items,
      images,
      data,
      flip: flags.flip,
      align: flags.align,
      robustness: flags.robustness,
      signal: stopper.signal,
      onProgress: (done, total) => printer.show(`${done} of ${total} images`),
    });
    printer.clear();
    const save = (name: string, content: string | Uint8Array): Promise<void> =>
      writable(join(flags.out, name), () => writeFile(join(flags.out, name), content));
    await save('eval.json', `${JSON.stringify(report, null, 2)}\n`);
    await save('eval.png', await evalPicture(report));
    if (report.robustness) {
      await save('robustness.md', robustnessMarkdown(report));
      await save('robustness.png', await robustnessPicture(report, report.robustness));
    }
    for (const line of [...terminalLines(report), `written: ${names.map((name) => join(flags.out, name)).join(', ')}`])
      process.stdout.write(`${line}\n`);
  } finally {
    printer.clear();
    stopper.release();
  }
}

async function writable<T>(path: string, write: () => Promise<T>): Promise<void> {
  await write().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path}: ${why}; choose another --out`, { cause: error });
  });
}
