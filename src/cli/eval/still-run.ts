import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import { readListFile } from '../../eval/benchmarks/annotation-file.js';
import { groupsMarkdown, groupsTerminalLines } from '../../eval/groups/group-lines.js';
import { parseGroupedList } from '../../eval/groups/grouped-faces.js';
import { runGroups } from '../../eval/groups/run-groups.js';
import type { ImageSource } from '../../eval/image-source.js';
import { openImages } from '../../eval/material.js';
import { openStillReader, type StillReader } from '../../eval/still-reader.js';
import { readAuSet } from '../../eval/units/au-set-files.js';
import { AU_SET, chosenUnits } from '../../eval/units/au-sets.js';
import { parseCodedList } from '../../eval/units/coded-faces.js';
import { foldsOf, type Protocol, sampled, scoreProtocol } from '../../eval/units/protocol.js';
import { runUnits } from '../../eval/units/run-units.js';
import type { UnitScoring } from '../../eval/units/score-units.js';
import { unitsMarkdown, unitsTerminalLines } from '../../eval/units/unit-lines.js';
import { mienVersion } from '../../package-info.js';
import { ProgressPrinter } from '../progress.js';
import { stopOnSignals } from '../stop-on-signals.js';
import type { AuListFlags, AuSetFlags, GroupFlags, StillFlags } from './still-flags.js';
import { writeResult } from './write-result.js';

/** What a measurement is given, once its list has been read. */
interface Measuring {
  readonly reader: StillReader;
  readonly images: ImageSource;
  readonly mienVersion: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

interface Measured {
  readonly report: object;
  readonly markdown: string;
  readonly lines: readonly string[];
}

/** `mien eval au-list LIST`. */
export async function evalAuList(list: string, flags: AuListFlags): Promise<void> {
  const columns = { image: flags.imageColumn, subject: flags.subjectColumn ?? null };
  const images = flags.images ?? dirname(list);
  await measure(flags, images, async () => {
    const coded = parseCodedList(await readListFile(list), list, columns);
    return async (measuring) => {
      const data = { kind: 'au-list', list, images } as const;
      const report = await runUnits({
        ...measuring,
        list: coded,
        presentFrom: flags.presentFrom,
        data,
        protocol: null,
      });
      return { report, markdown: unitsMarkdown(report), lines: unitsTerminalLines(report) };
    };
  });
}

/** `mien eval au LABELS --set SET`. */
export async function evalAu(path: string, flags: AuSetFlags): Promise<void> {
  const set = AU_SET[flags.set];
  const units = chosenUnits(set, flags.units);
  const choice = { units: flags.units, sample: flags.sample ?? null };
  const images = flags.images ?? (extname(path) === '' ? path : dirname(path));
  await measure(flags, images, async () => {
    const recordings = await readAuSet({ set: flags.set, path, units, frameImage: flags.frameImage ?? null });
    const list = sampled(recordings, choice.sample, units);
    foldsOf(set, list); // a person of no fold is named before any picture is read
    return async (measuring) => {
      const data = { kind: flags.set, list: path, images } as const;
      const protocol = (scoring: UnitScoring): Protocol => scoreProtocol(set, choice, scoring);
      const report = await runUnits({ ...measuring, list, presentFrom: set.presentFrom, data, protocol });
      return { report, markdown: unitsMarkdown(report), lines: unitsTerminalLines(report) };
    };
  });
}

/** `mien eval groups LIST --by COLUMNS`. */
export async function evalGroups(list: string, flags: GroupFlags): Promise<void> {
  const { by } = flags;
  const columns = { image: flags.imageColumn, by, label: flags.labelColumn ?? null };
  const images = flags.images ?? dirname(list);
  await measure(flags, images, async () => {
    const faces = parseGroupedList(await readListFile(list), list, columns);
    return async (measuring) => {
      const data = { kind: 'groups', list, images } as const;
      const report = await runGroups({ ...measuring, faces, by, data });
      return { report, markdown: groupsMarkdown(report), lines: groupsTerminalLines(report) };
    };
  });
}

/** Measures photographs; what is wrong with the output or the list is found before any picture is read. */
async function measure(
  flags: Omit<StillFlags, 'imageColumn'>,
  imagesPath: string,
  read: () => Promise<(measuring: Measuring) => Promise<Measured>>,
): Promise<void> {
  const { out } = flags;
  const paths = ['eval.json', 'eval.md'].map((name) => join(out, name));
  const existing = paths.find((path) => existsSync(path));
  if (existing !== undefined && !flags.overwrite)
    throw new AffectError('OUTPUT_EXISTS', `${existing} exists; choose --overwrite or another --out`);
  const run = await read();
  const images = await openImages(imagesPath);
  await writeResult(out, () => mkdir(out, { recursive: true }));
  const stopper = stopOnSignals();
  const printer = new ProgressPrinter(process.stderr);
  let reader: StillReader | null = null;
  try {
    reader = await openStillReader(flags.device, stopper.signal);
    const { report, markdown, lines } = await run({
      reader,
      images,
      mienVersion: mienVersion(),
      signal: stopper.signal,
      onProgress: (done, total) => printer.show(`${done} of ${total} images`),
    });
    printer.clear();
    const contents = [`${JSON.stringify(report, null, 2)}\n`, markdown];
    for (const [at, path] of paths.entries()) await writeResult(path, () => writeFile(path, contents[at]!));
    for (const line of [...lines, `written: ${paths.join(', ')}`]) process.stdout.write(`${line}\n`);
  } finally {
    printer.clear();
    await reader?.close();
    stopper.release();
  }
}
