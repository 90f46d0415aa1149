import type { StudySession } from '../../domain/study.js';
import { ConditionNumbers } from './condition-numbers.js';
import { GroupRows } from './group-rows.js';
import type { NumberRow } from './number-row.js';
import { pairRows, personNumbersOf, personRow, type RowContext, type SessionSeries } from './session-rows.js';

/** A session that rows are made of, before its records are read. */
export interface PlannedSession {
  readonly session: StudySession;
  readonly participants: readonly string[];
}

/**
 * All rows of a study: session by session its people and pairs, a condition's rows of a person after its last session,
 * at the end the groups. One session is in memory at a time.
 */
export async function* numberRows<P extends PlannedSession>(
  planned: readonly P[],
  read: (planned: P) => Promise<SessionSeries>,
  context: RowContext,
): AsyncGenerator<NumberRow> {
  const conditions = new ConditionNumbers(
    planned.map(({ session: { condition }, participants }) => ({ condition, participants })),
    context,
  );
  const groups = new GroupRows(context.options);
  for (const each of planned) {
    const series = await read(each);
    for (const found of personNumbersOf(series, context)) {
      conditions.add(found);
      yield counted(personRow(found, context), groups);
    }
    for (const row of pairRows(series, context)) yield counted(row, groups);
    for (const { participant } of series.people)
      for (const row of conditions.finish(participant, each.session.condition)) yield counted(row, groups);
  }
  yield* groups.rows();
}

function counted(row: NumberRow, groups: GroupRows): NumberRow {
  groups.add(row);
  return row;
}
