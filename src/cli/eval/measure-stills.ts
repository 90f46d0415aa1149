import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import type { ImageSource } from '../../eval/image-source.js';
import { openImages } from '../../eval/material.js';
import type { Still, StillOptions } from '../../eval/still-models.js';
import { mienVersion } from '../../package-info.js';
import { ProgressPrinter } from '../progress.js';
import { whileStoppable } from '../stop-on-signals.js';
import type { StillFlags } from './still-flags.js';
import { writeResult } from './write-result.js';

/** What a measurement is given, once its list has been read. */
export interface Measuring<Reader> {
  readonly reader: Reader;
  readonly images: ImageSource;
  readonly mienVersion: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** What a measurement found: DIR/eval.json, DIR/eval.md, and what the terminal shows. */
export interface Measured {
  readonly report: object;
  readonly markdown: string;
  readonly lines: readonly string[];
}

/** A measurement of photographs. */
export interface Measurement<Reader extends Still> {
  readonly flags: Omit<StillFlags, 'imageColumn'>;
  /** Folder or .npz of the images. */
  readonly images: string;
  /** Starts what reads them. */
  readonly open: (options: StillOptions, signal: AbortSignal) => Promise<Reader>;
  /** Reads the list; what it resolves with measures its pictures. */
  readonly read: () => Promise<(measuring: Measuring<Reader>) => Promise<Measured>>;
}

/** Measures photographs; what is wrong with the output or the list is found before any picture is read. */
export const measure = <Reader extends Still>(measurement: Measurement<Reader>): Promise<void> =>
  whileStoppable(({ signal }) => measureUntil(signal, measurement));

async function measureUntil<Reader extends Still>(
  signal: AbortSignal,
  { flags, images: imagesPath, open, read }: Measurement<Reader>,
): Promise<void> {
  const { out, model, device, precision } = flags;
  const paths = ['eval.json', 'eval.md'].map((name) => join(out, name));
  const existing = paths.find((path) => existsSync(path));
  if (existing !== undefined && !flags.overwrite)
    throw new AffectError('OUTPUT_EXISTS', `${existing} exists; choose --overwrite or another --out`);
  const run = await read();
  const images = await openImages(imagesPath);
  await writeResult(out, () => mkdir(out, { recursive: true }));
  const printer = new ProgressPrinter(process.stderr);
  let reader: Reader | null = null;
  try {
    reader = await open({ device, precision, ...(model ? { model } : {}) }, signal);
    const { report, markdown, lines } = await run({
      reader,
      images,
      mienVersion: mienVersion(),
      signal,
      onProgress: (done, total) => printer.show(`${done} of ${total} images`),
    });
    printer.clear();
    const contents = [`${JSON.stringify(report, null, 2)}\n`, markdown];
    for (const [at, path] of paths.entries()) await writeResult(path, () => writeFile(path, contents[at]!));
    for (const line of [...lines, `written: ${paths.join(', ')}`]) process.stdout.write(`${line}\n`);
  } finally {
    printer.clear();
    await reader?.close();
  }
}
