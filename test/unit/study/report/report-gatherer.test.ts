import { describe, expect, it } from 'vitest';
import { type NumberRow, THIN_REASONS } from '../../../../src/study/numbers/number-row.js';
import { KeptRows, MAX_PAGE_ROWS, Places } from '../../../../src/study/report/kept-rows.js';
import { MAX_ALIGNED, StudyReportGatherer } from '../../../../src/study/report/report-gatherer.js';
import { studyPageHtml } from '../../../../src/study/report/study-page.js';
import { leadText, lengthText } from '../../../../src/study/report/study-words.js';
import { FIXTURE_META, fixtureGathered, fixtureSeries, fixtureStudy } from '../../../support/study-report-fixture.js';

const row = (more: Partial<NumberRow>): NumberRow =>
  ({
    measure: 'm',
    unit: 'share',
    reference: 'raw',
    speech: 'all',
    participant: 'p01',
    partner: null,
    session: null,
    marker: null,
    condition: null,
    value: 1,
    low: null,
    high: null,
    n: 1,
    coverage: null,
    reason: null,
    ...more,
  }) as NumberRow;
const FEW = Object.keys(THIN_REASONS).indexOf('few-persons');
const kept = () =>
  new KeptRows({ people: new Places(), sessions: new Places(), conditions: new Places(), windows: new Places() });

describe('what the page of a study holds', () => {
  it('is who was seen, how much of it could be read, and what was left out with the reason', () => {
    const gathered = fixtureGathered();
    expect(gathered.coverage).toHaveLength(16);
    const [first] = gathered.coverage;
    expect(first).toMatchObject({ session: 's01', participant: 'p01', condition: 'calm', excludedSeconds: 14 });
    expect(first!.seconds).toBe(240 - 14);
    expect(first!.readSeconds).toBeLessThan(first!.seconds);
    expect(gathered.excluded.map(({ session, reason }) => `${session}: ${reason}`)).toContain(
      's04: the interviewer came in',
    );
    expect(gathered.counts.empty.get('low-coverage')).toBeGreaterThan(0);
    expect(leadText(gathered)).toBe(
      '16 people in 8 sessions under 2 conditions (calm and under pressure), with 5 markers to compare. Of 1 h 02 min of faces that count, 94\u00a0% could be read.',
    );
  });

  it('is whole measures, those as measured and of all time first', () => {
    const rows = kept();
    for (let at = 0; at < MAX_PAGE_ROWS - 10; at++) rows.add(row({ measure: 'many', reference: 'baseline' }));
    for (let at = 0; at < 20; at++) rows.add(row({ measure: 'few' }));
    const { measures, omitted, partly } = rows.chosen();
    expect(measures.map(({ measure, rows: of }) => [measure, of.length])).toEqual([['few', 20]]);
    expect(omitted).toEqual(['many']);
    expect(partly).toBe(0);
    expect(rows.counts.values).toBe(MAX_PAGE_ROWS + 10);
  });

  it('keeps what people look at in every form, and counts what has lost one', () => {
    const rows = kept();
    for (let at = 0; at < 10; at++) rows.add(row({ measure: 'other' }));
    for (let at = 0; at < MAX_PAGE_ROWS - 5; at++) rows.add(row({ measure: 'other', reference: 'baseline' }));
    for (let at = 0; at < 4; at++) rows.add(row({ measure: 'valence_mean', reference: 'baseline' }));
    rows.add(row({ measure: 'valence_mean' }));
    const { measures, omitted, partly } = rows.chosen();
    const forms = measures.map(({ measure, reference }) => `${measure} ${reference}`);
    expect(forms).toEqual(['valence_mean raw', 'valence_mean baseline', 'other raw']);
    expect(omitted).toEqual([]);
    expect(partly).toBe(1);
  });

  it('names a pair by both, and a group by nobody', () => {
    const rows = kept();
    rows.add(row({ participant: 'p01', partner: 'p02', value: 0.123456789 }));
    rows.add(row({ participant: null, value: null, reason: 'few-persons' }));
    expect(rows.chosen().measures[0]!.rows).toEqual([
      [0, -1, -1, -1, 0.12346, null, null, 1, null, -1],
      [-1, -1, -1, -1, null, null, null, 1, null, FEW],
    ]);
  });

  it('counts people around a marker once, also those who are met under two conditions', () => {
    const options = { sessions: 2, seconds: 60, fps: 2, markers: 1, measures: 1 };
    const study = fixtureStudy(options);
    const gatherer = new StudyReportGatherer(study);
    const [first, second] = study.sessions;
    for (const series of fixtureSeries(first!, options)) {
      gatherer.person(first!, series);
      gatherer.person(second!, series);
    }
    const people = new Set(fixtureSeries(first!, options).map(({ participant }) => participant)).size;
    const markers = gatherer.finish({}).data.aligned.markers;
    expect(markers.map((marker) => marker.people)).toEqual(markers.map(() => people));
    expect(markers[0]!.starts).toBe(2 * people);
  });

  it('is bounded in markers, and says how many gave way', () => {
    const options = { sessions: 2, seconds: 60, fps: 2, markers: MAX_ALIGNED + 3, measures: 1 };
    const gathered = fixtureGathered(options, fixtureStudy(options));
    expect(gathered.data.aligned.markers).toHaveLength(MAX_ALIGNED);
    expect(gathered.omitted.markers).toBe(3);
  });

  it('is a page of a few megabytes for forty interviews of an hour', () => {
    const options = { sessions: 40, seconds: 3600, fps: 1, markers: 10, measures: 40 };
    const html = studyPageHtml(FIXTURE_META, fixtureGathered(options, fixtureStudy(options)));
    expect(html.length).toBeLessThan(4_000_000);
  });
});

describe('the page of a study', () => {
  const html = studyPageHtml(FIXTURE_META, fixtureGathered());

  it('shows names as text, and lets nothing but its own script run', () => {
    expect(html).toContain('<h1>Interviews, pilot &lt;2026&gt;</h1>');
    expect(html).toMatch(/default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]+'/);
    expect(html).not.toMatch(/(?:src|href)="(?!data:|#)/);
  });

  it('names what could not be read, the codebook and the settings', () => {
    expect(html).toContain('s09-front (INPUT_UNSUPPORTED; its session is left out)');
    expect(html).toContain('<code>valence_mean</code>');
    expect(html).toContain('<td>10 seconds</td>');
  });
});

it('lengths are said as people say them', () => {
  expect([3.21, 42.4, 125, 11_520].map(lengthText)).toEqual(['3.2 s', '42 s', '2 min 05 s', '3 h 12 min']);
});
