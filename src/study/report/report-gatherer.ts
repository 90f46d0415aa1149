import type { ExcludedRange, Study, StudySession } from '../../domain/study.js';
import type { NumberRow } from '../numbers/number-row.js';
import { THIN_REASONS } from '../numbers/number-row.js';
import type { PersonSeries } from '../numbers/person-series.js';
import { excludedOf, framesOutside, markerWindows } from '../numbers/study-windows.js';
import { ALIGNED, AlignedCurves } from './aligned-curves.js';
import { KeptRows, type PagePlaces, Places } from './kept-rows.js';
import { type PageStrip, STUDY_PAGE_VERSION, type StudyPageData } from './page-data.js';
import { ALIGNED_SIGNALS, STRIP_KINDS } from './shown-signals.js';
import { stripCells } from './strip-cells.js';

/** Labels of markers that get curves; more are in the tables. */
export const MAX_ALIGNED = 24;
/** Persons in sessions that get a strip. */
export const MAX_STRIPS = 200;

/** How much of one person in one session could be read. */
export interface PersonCoverage {
  readonly session: string;
  readonly participant: string;
  readonly condition: string | null;
  readonly seconds: number;
  /** With a reading of the expression; in movements-only results, of the head. */
  readonly readSeconds: number;
  readonly excludedSeconds: number;
}

/** Everything the page shows of the results, of bounded size. */
export interface GatheredStudy {
  readonly data: StudyPageData;
  readonly coverage: readonly PersonCoverage[];
  readonly excluded: readonly (ExcludedRange & { readonly session: string })[];
  readonly counts: KeptRows['counts'];
  /** What gave way. */
  readonly omitted: {
    /** Of which nothing is in the page. */
    readonly measures: readonly string[];
    /** How many measures are in the page not in all their forms. */
    readonly partly: number;
    readonly markers: number;
    readonly strips: number;
  };
}

interface LabelCurves {
  starts: number;
  readonly people: Set<string>;
  readonly signals: ReadonlyMap<string, AlignedCurves>;
}

/** Gathers what the report of a study shows while its sessions and numbers pass by; nothing of a frame is kept. */
export class StudyReportGatherer {
  readonly #study: Study;
  readonly #places: PagePlaces;
  readonly #rows: KeptRows;
  readonly #strips: PageStrip[] = [];
  readonly #coverage: PersonCoverage[] = [];
  readonly #labels = new Map<string, LabelCurves>();
  readonly #leftOut = { markers: new Set<string>(), strips: 0 };

  constructor(study: Study) {
    this.#study = study;
    this.#places = { people: new Places(), sessions: new Places(), conditions: new Places(), windows: new Places() };
    for (const condition of study.conditions) this.#places.conditions.of(condition);
    for (const { id, markers } of study.sessions) {
      this.#places.sessions.of(id);
      for (const { label } of markers) this.#places.windows.of(label);
    }
    this.#rows = new KeptRows(this.#places);
  }

  /** A row of the table of numbers. */
  row(row: NumberRow): void {
    this.#rows.add(row);
  }

  /** What was read of a person in a session. */
  person(session: StudySession, series: PersonSeries): void {
    const excluded = excludedOf(session, [series.participant]);
    const counts = framesOutside(series.timeUs, excluded);
    this.#addCoverage(session, series, counts);
    this.#addStrip(session, series);
    const condition = session.condition === null ? -1 : this.#places.conditions.of(session.condition);
    for (const { marker, fromUs } of markerWindows(session, [series.participant])) {
      const label = this.#curvesOf(marker!);
      if (!label) continue;
      label.starts++;
      label.people.add(series.participant);
      for (const [signal, curves] of label.signals) curves.add(series, signal, { atUs: fromUs, condition, counts });
    }
  }

  /** All of it, once everything was told. */
  finish(about: Readonly<Record<string, string>>): GatheredStudy {
    const { people, sessions, conditions, windows } = this.#places;
    const { measures, omitted, partly } = this.#rows.chosen();
    const markers = [...this.#labels.entries()].map(([label, { starts, people: there, signals }]) => ({
      window: windows.of(label),
      starts,
      people: there.size,
      signals: Object.fromEntries([...signals].map(([name, curves]) => [name, curves.curves()] as const)),
    }));
    const shown = (name: string): boolean => markers.some(({ signals }) => (signals[name] ?? []).length > 0);
    const kinds = STRIP_KINDS.filter(({ name }) => this.#strips.some(({ cells }) => cells[name] !== undefined));
    return {
      data: {
        v: STUDY_PAGE_VERSION,
        people: people.names,
        sessions: sessions.names,
        conditions: conditions.names,
        windows: windows.names,
        reasons: Object.entries(THIN_REASONS).map(([name, words]) => ({ name, words })),
        measures,
        about: Object.fromEntries(measures.map(({ measure }) => [measure, about[measure] ?? ''])),
        aligned: {
          beforeS: ALIGNED.beforeS,
          stepS: ALIGNED.stepS,
          signals: ALIGNED_SIGNALS.filter(({ name }) => shown(name)),
          markers,
        },
        strips: { kinds, people: this.#strips, excluded: this.#excludedTimes(), marks: this.#marks() },
      },
      coverage: this.#coverage,
      excluded: this.#study.sessions.flatMap(({ id, excluded }) =>
        excluded.map((range) => ({ ...range, session: id })),
      ),
      counts: this.#rows.counts,
      omitted: { measures: omitted, partly, markers: this.#leftOut.markers.size, strips: this.#leftOut.strips },
    };
  }

  #addCoverage({ id, condition }: StudySession, series: PersonSeries, counts: Uint8Array): void {
    const { participant, timeUs, weightUs, signals } = series;
    // Movements alone have no expression; there the head says whether a face was read.
    const valence = signals.get('valence');
    const read = valence?.floats.some((value) => !Number.isNaN(value)) ? valence : signals.get('head_yaw');
    // Microseconds are whole: their sums are exact.
    const sums = { counted: 0, read: 0, excluded: 0 };
    for (let at = 0; at < timeUs.length; at++) {
      if (counts[at] === 0) sums.excluded += weightUs[at]!;
      else {
        sums.counted += weightUs[at]!;
        if (read && !Number.isNaN(read.floats[at]!)) sums.read += weightUs[at]!;
      }
    }
    this.#coverage.push({
      session: id,
      participant,
      condition,
      seconds: sums.counted / 1e6,
      readSeconds: sums.read / 1e6,
      excludedSeconds: sums.excluded / 1e6,
    });
  }

  #addStrip({ id, condition }: StudySession, series: PersonSeries): void {
    const { participant, timeUs } = series;
    if (timeUs.length === 0) return;
    if (this.#strips.length >= MAX_STRIPS) {
      this.#leftOut.strips++;
      return;
    }
    const cells = STRIP_KINDS.flatMap((kind) => {
      const bytes = stripCells(series, kind);
      return bytes === null ? [] : [[kind.name, bytes] as const];
    });
    this.#strips.push({
      who: this.#places.people.of(participant),
      session: this.#places.sessions.of(id),
      condition: condition === null ? -1 : this.#places.conditions.of(condition),
      fromS: timeUs[0]! / 1e6,
      toS: timeUs.at(-1)! / 1e6,
      cells: Object.fromEntries(cells),
    });
  }

  #curvesOf(label: string): LabelCurves | null {
    const known = this.#labels.get(label);
    if (known) return known;
    if (this.#labels.size >= MAX_ALIGNED) {
      this.#leftOut.markers.add(label);
      return null;
    }
    const made = {
      starts: 0,
      people: new Set<string>(),
      signals: new Map(ALIGNED_SIGNALS.map(({ name }) => [name, new AlignedCurves()] as const)),
    };
    this.#labels.set(label, made);
    return made;
  }

  #excludedTimes(): StudyPageData['strips']['excluded'] {
    return this.#study.sessions.flatMap(({ id, excluded }) =>
      excluded.map(({ fromUs, toUs }) => ({
        session: this.#places.sessions.of(id),
        fromS: fromUs / 1e6,
        toS: toUs / 1e6,
      })),
    );
  }

  #marks(): StudyPageData['strips']['marks'] {
    return this.#study.sessions.flatMap(({ id, markers }) =>
      markers.map(({ label, fromUs }) => ({
        session: this.#places.sessions.of(id),
        window: this.#places.windows.of(label),
        atS: fromUs / 1e6,
      })),
    );
  }
}
