import { type ConvertReport, convert } from '../../dataset/convert.js';
import type { Division } from '../../dataset/divide.js';
import { FORM } from '../../dataset/forms.js';
import type { Source } from '../../dataset/source.js';
import { OWN_QUESTIONS, readQuestionBook } from '../../dataset/wording.js';
import { AffectError } from '../../domain/errors.js';
import { mienVersion } from '../../package-info.js';
import { ProgressPrinter } from '../progress.js';
import { whileStoppable } from '../stop-on-signals.js';
import type { ConvertFlags } from './dataset-flags.js';
import { imagesOf, sourceOf } from './source-of-flags.js';

/** `mien dataset convert LABELS`. */
export const convertDataset = (labels: string, flags: ConvertFlags): Promise<void> =>
  whileStoppable(async ({ signal }) => {
    const printer = new ProgressPrinter(process.stderr);
    try {
      const report = await convertUntil(signal, { labels, flags, show: (words) => printer.show(words) });
      printer.clear();
      for (const line of reportLines(report, flags)) process.stdout.write(`${line}\n`);
    } finally {
      printer.clear();
    }
  });

interface Converting {
  readonly labels: string;
  readonly flags: ConvertFlags;
  readonly show: (words: string) => void;
}

async function convertUntil(signal: AbortSignal, { labels, flags, show }: Converting): Promise<ConvertReport> {
  const book = await readQuestionBook(flags.questions ?? OWN_QUESTIONS);
  const source = await sourceOf(labels, flags, {
    tasks: flags.task ?? null,
    ownParts: flags.folds === undefined && flags.testShare === undefined,
  });
  const images = await imagesOf(source, flags);
  return convert({
    source,
    tasks: flags.task ?? source.tasks,
    need: flags.need,
    teaching: {
      book,
      seed: flags.seed,
      emotions: source.emotions,
      compounds: source.compounds,
      units: source.units,
      presentFrom: flags.presentFrom ?? source.presentFrom,
    },
    images,
    form: flags.to,
    name: flags.name ?? flags.from,
    out: flags.out,
    overwrite: flags.overwrite === true,
    division: divisionOf(flags, source),
    apart: flags.apart,
    sample: flags.sample ?? null,
    missing: flags.missing ?? (source.lacksPictures ? 'skip' : 'error'),
    paths: flags.paths ?? (FORM[flags.to].inFolder ? 'relative' : 'absolute'),
    mienVersion: mienVersion(),
    signal,
    onProgress: show,
  });
}

function divisionOf({ folds, testShare, from }: ConvertFlags, source: Source): Division {
  if (testShare !== undefined) return { kind: 'share', test: testShare };
  if (folds === undefined) return { kind: 'own' };
  if (folds !== 'published') return { kind: 'folds', count: folds };
  if (source.folds !== null) return { kind: 'published', folds: source.folds };
  throw new AffectError('USAGE', `--folds published: papers share no folds of ${from}; write a number`);
}

/** What the terminal shows: each file, and what was left out. */
function reportLines({ counts, parts, from, sample }: ConvertReport, { out }: ConvertFlags): string[] {
  const left = [
    [counts.missing, 'without a picture'],
    [counts.unlabelled, 'without a label for the tasks'],
  ].flatMap(([count, why]) => (count === 0 ? [] : [`${count} ${why}`]));
  const sampled = sample === null ? '' : `, ${counts.sampled} sampled`;
  return [
    `${from.title}: ${counts.faces} labelled faces${sampled}${left.length === 0 ? '' : `; left out: ${left.join(', ')}`}`,
    ...Object.values(parts).map(
      ({ file, exchanges, pictures, subjects }) =>
        `  ${file}: ${exchanges} questions about ${pictures} images${subjects === 0 ? '' : ` of ${subjects} subjects`}`,
    ),
    `written to ${out}`,
  ];
}
