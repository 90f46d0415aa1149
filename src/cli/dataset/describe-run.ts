import { type DescribeReport, describeFaces } from '../../dataset/describe/describe-faces.js';
import { AffectError } from '../../domain/errors.js';
import { openPictures } from '../../eval/benchmarks/picture-source.js';
import { mienVersion } from '../../package-info.js';
import { holdResults } from '../../recording/hold-results.js';
import { askedEngine, paceOf } from '../asked-engine.js';
import { faceSearch, searches, whileOpen } from '../face-search.js';
import { ProgressPrinter } from '../progress.js';
import { whileStoppable } from '../stop-on-signals.js';
import type { DescribeFlags } from './dataset-flags.js';
import { imagesOf, sourceOf } from './source-of-flags.js';

/** `mien dataset describe LABELS`. Ctrl-C keeps all answers; --resume goes on from them. */
export const describeDataset = (labels: string, flags: DescribeFlags): Promise<void> =>
  whileStoppable(async ({ signal }) => {
    if (flags.device !== undefined && !searches(flags))
      throw new AffectError('USAGE', '--device goes with --landmarks auto: without them mien runs no model of its own');
    const engine = await askedEngine('mien dataset describe', flags);
    const printer = new ProgressPrinter(process.stderr);
    try {
      const source = await sourceOf(labels, flags, { tasks: null, ownParts: true });
      const images = await imagesOf(source, flags);
      const pictures = await openPictures(images);
      const report = await whileOpen(flags, signal, (reader) =>
        describeFaces({
          source,
          need: flags.need,
          presentFrom: flags.presentFrom ?? source.presentFrom,
          sample: flags.sample ?? null,
          seed: flags.seed,
          missing: flags.missing ?? (source.lacksPictures ? 'skip' : 'error'),
          images,
          pictures,
          engine,
          faces: faceSearch(flags, pictures, reader),
          ...paceOf(flags),
          tries: flags.tries,
          review: flags.review,
          out: flags.out,
          hold: () => holdResults({ dir: flags.out, name: 'answers.jsonl' }, signal),
          resume: flags.resume === true,
          overwrite: flags.overwrite === true,
          mienVersion: mienVersion(),
          signal,
          onProgress: (done, total, failed) => printer.show(`${done} of ${total} faces, ${failed} without an answer`),
        }),
      );
      printer.clear();
      for (const line of reportLines(report, flags)) process.stdout.write(`${line}\n`);
    } finally {
      printer.clear();
      await engine.close();
    }
  });

/** What the terminal shows: what there is now, and what was left out and why. */
function reportLines({ from, counts, tries, faults }: DescribeReport, { out }: DescribeFlags): string[] {
  const listed = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const left = [
    [counts.missing, 'without a picture'],
    [counts.unlabelled, 'without a label that is wanted'],
  ].flatMap(([count, why]) => (count === 0 ? [] : [`${count} ${why}`]));
  return [
    `${from.title}: ${counts.faces} faces${left.length === 0 ? '' : `; left out: ${left.join(', ')}`}`,
    `  described: ${counts.described}${counts.described === 0 ? '' : ` (by number of answers: ${listed(tries)})`}`,
    `  rejected: ${counts.rejected}${counts.rejected === 0 ? '' : ` (${listed(faults)})`}`,
    `written to ${out}`,
  ];
}
