import { type NumberRow, REFERENCES, SPEECH_FILTERS, THIN_REASONS } from '../numbers/number-row.js';
import type { PageMeasure, PageRow } from './page-data.js';
import { ALIGNED_SIGNALS } from './shown-signals.js';

/** Rows that the page holds, about 50 bytes each; the table has all. */
export const MAX_PAGE_ROWS = 60_000;
/** What people look at first is there in all its forms: as measured and relative, of all time and of silence. */
const LOOKED_AT: ReadonlySet<string> = new Set(ALIGNED_SIGNALS.map(({ name }) => `${name}_mean`));
const REASONS = Object.keys(THIN_REASONS);

/** A list that gives each name a place. */
export class Places {
  readonly #places = new Map<string, number>();

  /** Place of a name, given now where it has none. */
  of(name: string): number {
    const place = this.#places.get(name) ?? this.#places.size;
    this.#places.set(name, place);
    return place;
  }

  get names(): readonly string[] {
    return [...this.#places.keys()];
  }
}

/** Lists that rows point into. */
export interface PagePlaces {
  readonly people: Places;
  readonly sessions: Places;
  readonly conditions: Places;
  readonly windows: Places;
}

const short = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(5)));

/** Of whole sessions under a condition, the row of the condition counts: one a person, however many sessions. */
function onePerCondition(rows: readonly PageRow[]): PageRow[] {
  const isWhole = ([who, , window]: PageRow): boolean => who >= 0 && window < 0;
  const key = ([who, , , condition]: PageRow): string => `${who} ${condition}`;
  const told = new Set(rows.filter((row) => isWhole(row) && row[1] < 0).map(key));
  return rows.filter((row) => !isWhole(row) || row[1] < 0 || !told.has(key(row)));
}

type Kept = Omit<PageMeasure, 'rows'> & { readonly rows: PageRow[] };

/** Rows of numbers as the page holds them: whole measures, as many as there is room for. */
export class KeptRows {
  readonly #measures = new Map<string, Kept>();
  readonly #counts = { values: 0, empty: new Map<string, number>() };

  constructor(private readonly places: PagePlaces) {}

  add(row: NumberRow): void {
    if (row.value !== null) this.#counts.values++;
    else if (row.reason !== null) this.#counts.empty.set(row.reason, (this.#counts.empty.get(row.reason) ?? 0) + 1);
    const { measure, unit, reference, speech } = row;
    const key = `${speech} ${reference} ${measure}`;
    const kept = this.#measures.get(key) ?? { measure, unit, reference, speech, rows: [] };
    this.#measures.set(key, kept);
    if (kept.rows.length <= MAX_PAGE_ROWS) kept.rows.push(this.#pageRow(row));
  }

  /** Rows with a value, and those without by reason, of all that were added. */
  get counts(): { readonly values: number; readonly empty: ReadonlyMap<string, number> } {
    return this.#counts;
  }

  /**
   * What fits: first what people look at, then the others as measured and of all time, in the order of the table. `omitted`
   * names measures of which nothing fits, `partly` counts those of which not every form does.
   */
  chosen(): {
    readonly measures: readonly PageMeasure[];
    readonly omitted: readonly string[];
    readonly partly: number;
  } {
    const forms = REFERENCES.length * SPEECH_FILTERS.length;
    const rank = ({ measure, reference, speech }: Kept): number =>
      REFERENCES.indexOf(reference) * SPEECH_FILTERS.length +
      SPEECH_FILTERS.indexOf(speech) -
      (LOOKED_AT.has(measure) ? forms : 0);
    const ordered = [...this.#measures.values()].sort((a, b) => rank(a) - rank(b));
    const measures: PageMeasure[] = [];
    let room = MAX_PAGE_ROWS;
    for (const kept of ordered) {
      const rows = onePerCondition(kept.rows);
      if (rows.length > room) continue;
      room -= rows.length;
      measures.push({ ...kept, rows });
    }
    const shown = new Set(measures.map(({ measure }) => measure));
    const omitted = [...new Set(ordered.map(({ measure }) => measure))].filter((measure) => !shown.has(measure));
    const fits = new Set(measures.map(({ measure, reference, speech }) => `${speech} ${reference} ${measure}`));
    const lacking = ordered.filter(({ measure, reference, speech }) => !fits.has(`${speech} ${reference} ${measure}`));
    const partly = new Set(lacking.map(({ measure }) => measure).filter((measure) => shown.has(measure))).size;
    return { measures, omitted, partly };
  }

  #pageRow(row: NumberRow): PageRow {
    const { people, sessions, conditions, windows } = this.places;
    const who = row.partner === null ? row.participant : `${row.participant} & ${row.partner}`;
    return [
      who === null ? -1 : people.of(who),
      row.session === null ? -1 : sessions.of(row.session),
      row.marker === null ? -1 : windows.of(row.marker),
      row.condition === null ? -1 : conditions.of(row.condition),
      short(row.value),
      short(row.low),
      short(row.high),
      row.n,
      short(row.coverage),
      row.reason === null ? -1 : REASONS.indexOf(row.reason),
    ];
  }
}
