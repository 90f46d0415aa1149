import { expect, it } from 'vitest';
import { measuresOf } from '../../../../src/study/numbers/measures.js';
import { NUMBER_OPTIONS } from '../../../../src/study/numbers/number-options.js';
import type { NumberRow } from '../../../../src/study/numbers/number-row.js';
import { gatheredRows } from '../../../../src/study/report/gathered-rows.js';
import { StudyReportGatherer } from '../../../../src/study/report/report-gatherer.js';
import { fixtureSeries, fixtureStudy } from '../../../support/study-report-fixture.js';

const OPTIONS = { sessions: 6, seconds: 120, fps: 4, markers: 2, measures: 0 };

it('rows pass unchanged, and the page shows what they and the people say', async () => {
  const study = fixtureStudy(OPTIONS);
  const options = { ...NUMBER_OPTIONS, draws: 50 };
  const measures = measuresOf({ units: ['12'], speech: true, speakingFrom: options.speakingFrom }).filter(
    ({ signal }) => signal === 'valence',
  );
  const participants = new Map(study.participants.map((each) => [each.id, each]));
  const context = { study: study.name, participants, measures, pairMeasures: [], speech: true, options };
  const planned = study.sessions.map((session) => ({
    session,
    participants: Object.values(session.videos[0]!.people),
  }));
  const gatherer = new StudyReportGatherer(study);
  const rows: NumberRow[] = [];
  const read = async ({ session }: (typeof planned)[0]) => ({ session, people: fixtureSeries(session, OPTIONS) });
  for await (const row of gatheredRows(planned, read, { context, gatherer })) rows.push(row);

  const { data, coverage, counts } = gatherer.finish(
    Object.fromEntries(measures.map(({ name, about }) => [name, about])),
  );
  expect(counts.values).toBe(rows.filter(({ value }) => value !== null).length);
  expect(coverage.map(({ participant }) => participant)).toEqual(study.participants.map(({ id }) => id));
  expect(data.strips.people).toHaveLength(12);
  const mean = data.measures.find(
    ({ measure, reference, speech }) => measure.startsWith('valence') && reference === 'raw' && speech === 'all',
  )!;
  const [first] = rows.filter(
    (row) =>
      row.window === 'condition' && row.measure === mean.measure && row.reference === 'raw' && row.speech === 'all',
  );
  expect(mean.rows.find(([who, , window]) => who === 0 && window === -1)![4]).toBeCloseTo(first!.value!, 4);
  // One point a person, though the table has their session and their condition.
  expect(mean.rows.filter(([who, , window]) => who >= 0 && window < 0)).toHaveLength(12);
  // Of each condition one group a window: the whole session and two markers.
  const groups = mean.rows.filter(([who]) => who === -1);
  expect(groups.map(([, , window, condition]) => `${condition} ${window}`).sort()).toEqual(
    expect.arrayContaining(['0 -1', '1 -1', '0 0', '1 1']),
  );
  expect(groups.every(([, , , , value, low, high]) => value !== null && low! <= value && value <= high!)).toBe(true);
});
