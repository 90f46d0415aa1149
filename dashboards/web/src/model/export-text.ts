import { EMOTIONS, type EmotionDistribution } from '../../../../src/domain/affect.js';
import type { FaceRecord } from '../../../../src/domain/records.js';
import { csvField } from '../../../../src/record/number-text.js';
import { recordColumns } from '../../../../src/record/record-columns.js';
import type { LogEntry, PageEvent, PageInsight } from './state.js';
import type { FaceRecordJson } from './wire.js';

/** Lines as in records.jsonl (without landmarks); each ends with \n. */
export function* recordsJsonl(records: Iterable<FaceRecordJson>): Generator<string> {
  for (const record of records) yield `${JSON.stringify(record)}\n`;
}

/** The CSV that `mien analyze` writes: the same columns, header first. */
export function* recordsCsv(records: Iterable<FaceRecordJson>, units: readonly string[]): Generator<string> {
  const columns = recordColumns(units);
  yield `${columns.map(({ name }) => name).join(',')}\n`;
  for (const record of records) {
    const inner = innerRecord(record);
    const cells = columns.map((column) => {
      const value = column.value(inner);
      return value === null ? '' : typeof value === 'string' ? csvField(value) : String(value);
    });
    yield `${cells.join(',')}\n`;
  }
}

/** A record as mien holds it, where emotions are in the order of EMOTIONS. */
function innerRecord(record: FaceRecordJson): FaceRecord {
  const { emotions, landmarks: _, ...rest } = record;
  const inOrder = (shares: Readonly<Record<string, number | undefined>>): EmotionDistribution =>
    EMOTIONS.map((name) => shares[name] ?? Number.NaN);
  const distribution = emotions && {
    raw: inOrder(emotions.raw),
    baselined: emotions.baselined && inOrder(emotions.baselined),
    smoothed: inOrder(emotions.smoothed),
  };
  return { ...rest, mesh: null, emotions: distribution } as unknown as FaceRecord;
}

const EVENT_COLUMNS = [
  'kind',
  'camera',
  'face',
  'label',
  'start',
  'apex',
  'end',
  'duration_s',
  'peak',
  'confidence',
  'detail',
] as const;

/** A line of exported events: an episode, an answer, or what happened to a camera. */
type Line = Omit<PageEvent, 'kind'> & { readonly kind: PageEvent['kind'] | 'camera' };

/** Events with what the system log tells of cameras, by time. */
export function withCameras(events: readonly PageEvent[], log: readonly LogEntry[]): readonly Line[] {
  const lines = log.flatMap(({ id, what, source, atMs, endMs, camera }): Line[] =>
    source === null
      ? []
      : [
          {
            id,
            kind: 'camera',
            source,
            track: null,
            label: what,
            atMs,
            apexMs: atMs,
            endMs,
            peak: null,
            confidence: null,
            detail: what === 'away' ? (camera?.lastEnd?.reason ?? '') : '',
          },
        ],
  );
  return [...events, ...lines].sort((a, b) => a.atMs - b.atMs);
}

const instant = (ms: number): string => new Date(ms).toISOString();

function eventCells(event: Line): readonly (string | number | null)[] {
  const { atMs, apexMs, endMs, peak, confidence } = event;
  const seconds = endMs === null ? null : Number(((endMs - atMs) / 1000).toFixed(3));
  const shown = (value: number | null) => (value === null ? null : Number(value.toFixed(6)));
  return [
    event.kind,
    event.source,
    event.track,
    event.label,
    instant(atMs),
    instant(apexMs),
    endMs === null ? null : instant(endMs),
    seconds,
    shown(peak),
    shown(confidence),
    event.detail || null,
  ];
}

/** Events as JSON lines: server clock, RFC 3339. */
export function* eventsJsonl(events: Iterable<Line>): Generator<string> {
  for (const event of events) {
    const cells = eventCells(event);
    yield `${JSON.stringify(Object.fromEntries(EVENT_COLUMNS.map((name, at) => [name, cells[at]])))}\n`;
  }
}

/** Insights as JSON lines, as in insights.jsonl but cut to what the page shows, and without pictures. */
export function* insightsJsonl(insights: Iterable<PageInsight>): Generator<string> {
  for (const { insight } of insights) yield `${JSON.stringify(insight)}\n`;
}

/** Events as CSV, empty where there is no value. */
export function* eventsCsv(events: Iterable<Line>): Generator<string> {
  yield `${EVENT_COLUMNS.join(',')}\n`;
  for (const event of events) {
    const cells = eventCells(event).map((cell) => (cell === null ? '' : csvField(String(cell))));
    yield `${cells.join(',')}\n`;
  }
}
