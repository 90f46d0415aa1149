import { AffectError, errorWords } from '../../domain/errors.js';
import type { Study } from '../../domain/study.js';
import { BidsDataset } from '../bids/bids-dataset.js';
import { gatheredRows } from '../report/gathered-rows.js';
import { studyPageMeta } from '../report/page-meta.js';
import { StudyReportGatherer } from '../report/report-gatherer.js';
import { writeStudyReport } from '../report/write-report.js';
import { readRun } from '../study-run.js';
import { withoutForgotten } from '../without-forgotten.js';
import { codebook, codebookCsv, codebookPage } from './codebook.js';
import { measuresOf } from './measures.js';
import { numberColumns } from './number-columns.js';
import type { NumberOptions } from './number-options.js';
import type { NumberRow, ThinReason } from './number-row.js';
import type { RowContext } from './session-rows.js';
import { HEAD_SPEED, SPEAKING, signalsOf } from './signals.js';
import { synchronyMeasures } from './synchrony-measures.js';
import { openResults, type ReadableSession, readSession } from './video-results.js';
import { writeBeside, writeNumbers } from './write-numbers.js';

/** What a table of numbers was made of. */
export interface NumbersSummary {
  readonly folder: string;
  /** Path of the page for people. */
  readonly report: string;
  readonly rows: number;
  readonly sessions: number;
  readonly participants: number;
  /** Rows by why they have no value or no interval. */
  readonly reasons: Readonly<Partial<Record<ThinReason, number>>>;
  /** Sessions that are not in the table, one line each: what is missing, and what to do. */
  readonly leftOut: readonly string[];
}

/** Which sessions can be read: those all of whose videos were analysed. */
async function readable(study: Study): Promise<{ sessions: ReadableSession[]; leftOut: string[] }> {
  const sessions: ReadableSession[] = [];
  const leftOut: string[] = [];
  for (const session of study.sessions) {
    const opened = await Promise.allSettled(session.videos.map((video) => openResults(study, video)));
    const videos = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const problems = opened.flatMap((result) => (result.status === 'rejected' ? [errorWords(result.reason)] : []));
    for (const problem of problems) leftOut.push(`session ${session.id} is left out: ${problem}`);
    const named = new Set(videos.flatMap(({ participants }) => participants));
    const participants = study.participants.map(({ id }) => id).filter((id) => named.has(id));
    if (problems.length === 0) sessions.push({ session, videos, participants });
  }
  return { sessions, leftOut };
}

/** Signals of `synchrony.signals` that records can have. */
function comparedSignals({ synchrony }: NumberOptions, units: readonly string[], speech: boolean): readonly string[] {
  const known = new Set([...signalsOf(units).map(({ name }) => name), HEAD_SPEED]);
  if (!speech) known.delete(SPEAKING);
  return synchrony.signals.filter((signal) => known.has(signal));
}

/**
 * Makes the numbers of a study from the results of its videos, and writes `numbers.csv`, `numbers.parquet`,
 * `numbers.json`, `codebook.csv`, `codebook.md` and `report.html` into its folder of results. Sessions whose videos are
 * not all analysed are left out, and told; so is who was forgotten. With the layout `bids` also that dataset. Rejects with INPUT_NOT_FOUND where none is, INPUT_DAMAGED, and OUTPUT_UNWRITABLE.
 *
 * @param options.onSession - called as each session begins
 */
export async function runNumbers(
  given: Study,
  options: NumberOptions,
  onSession: (id: string, at: number, of: number) => void = () => undefined,
): Promise<NumbersSummary> {
  const study = withoutForgotten(given, (await readRun(given)).forgotten);
  const { sessions, leftOut } = await readable(study);
  if (sessions.length === 0) throw new AffectError('INPUT_NOT_FOUND', leftOut[0] ?? `${study.file} has no session`);
  const all = sessions.flatMap(({ videos }) => videos);
  const units = [...new Set(all.flatMap((video) => video.units))];
  const speech = all.some((video) => video.speech);
  const context: RowContext = {
    study: study.name,
    participants: new Map(study.participants.map((participant) => [participant.id, participant])),
    measures: measuresOf({ units, speech, speakingFrom: options.speakingFrom }),
    pairMeasures: synchronyMeasures(comparedSignals(options, units, speech)),
    speech,
    options,
  };
  const signals = signalsOf(units);
  const tally = { rows: 0, reasons: new Map<ThinReason, number>() };
  const gatherer = new StudyReportGatherer(study);
  const measures = [...context.measures, ...context.pairMeasures];
  const bids = study.layout === 'bids' ? await BidsDataset.begin(study, { signals, measures: context.measures }) : null;
  const rows = gatheredRows(
    sessions,
    async (each) => {
      onSession(each.session.id, sessions.indexOf(each), sessions.length);
      const series = await readSession(each, { signals, maxFrameUs: options.maxFrameSeconds * 1e6 });
      await bids?.session(series);
      return series;
    },
    { context, gatherer },
  );
  const columns = numberColumns(study.participants);
  const entries = codebook({ columns, measures, options });
  try {
    await writeNumbers(study.results, columns, tallied(bids ? bids.rows(rows) : rows, tally));
    await bids?.finish();
  } catch (error) {
    await bids?.discard();
    throw error;
  }
  await writeBeside(study.results, 'codebook.csv', codebookCsv(entries));
  await writeBeside(study.results, 'codebook.md', codebookPage(study.name, entries));
  await writeBeside(study.results, 'numbers.json', madeOf(study, sessions, { units, options }));
  const read = new Set(all.map(({ video }) => video.id));
  const about = Object.fromEntries(measures.map((measure) => [measure.name, measure.about] as const));
  const report = await writeStudyReport(
    study.results,
    await studyPageMeta(study, entries, read),
    gatherer.finish(about),
  );
  return {
    folder: study.results,
    report,
    rows: tally.rows,
    sessions: sessions.length,
    participants: new Set(sessions.flatMap(({ participants }) => participants)).size,
    reasons: Object.fromEntries(tally.reasons),
    leftOut,
  };
}

async function* tallied(
  rows: AsyncIterable<NumberRow>,
  tally: { rows: number; readonly reasons: Map<ThinReason, number> },
): AsyncGenerator<NumberRow> {
  for await (const row of rows) {
    tally.rows++;
    if (row.reason !== null) tally.reasons.set(row.reason, (tally.reasons.get(row.reason) ?? 0) + 1);
    yield row;
  }
}

/** `numbers.json`: all that a table follows from, besides the results of the videos. Nothing in it names a file elsewhere. */
function madeOf(
  { name, participants, conditions }: Study,
  sessions: readonly ReadableSession[],
  { units, options }: { readonly units: readonly string[]; readonly options: NumberOptions },
): string {
  const told = sessions.map(({ session, videos }) => ({
    ...session,
    videos: videos.map(({ video: { id, offsetUs }, whose, participants: shown }) => ({
      id,
      offsetUs,
      people: Object.fromEntries(whose),
      participants: shown,
    })),
  }));
  return `${JSON.stringify({ v: 1, study: { name, participants, conditions, sessions: told }, units, options }, null, 2)}\n`;
}
