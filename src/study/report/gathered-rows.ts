import type { NumberRow } from '../numbers/number-row.js';
import { numberRows, type PlannedSession } from '../numbers/number-rows.js';
import type { RowContext, SessionSeries } from '../numbers/session-rows.js';
import type { StudyReportGatherer } from './report-gatherer.js';

/** All rows of a study, as `numberRows` has them, while the report gathers what it shows of them and of the people. */
export async function* gatheredRows<P extends PlannedSession>(
  planned: readonly P[],
  read: (planned: P) => Promise<SessionSeries>,
  { context, gatherer }: { readonly context: RowContext; readonly gatherer: StudyReportGatherer },
): AsyncGenerator<NumberRow> {
  const readAndGather = async (each: P): Promise<SessionSeries> => {
    const series = await read(each);
    for (const person of series.people) gatherer.person(series.session, person);
    return series;
  };
  for await (const row of numberRows(planned, readAndGather, context)) {
    gatherer.row(row);
    yield row;
  }
}
