import { basename, extname } from 'node:path';
import type { KeyPath, Layer } from '../config/layers.js';
import type { Findings, Place } from './findings.js';
import { numberOr } from './participants.js';
import { type ListRow, readList } from './read-list.js';
import { idOfPath } from './videos.js';

/** `participant` is person 1; several are `participant_1`, `participant_2` …; `left` and `right` name places. */
const PERSON_COLUMN = /^participant(?:_(\d+))?$|^(left|right)$/;
const VIDEO_COLUMNS = { id: 'id', video: 'path', offset: 'offset', map: 'map' } as const;
const SESSION_COLUMNS = ['session', 'condition'];

interface Row {
  readonly row: ListRow;
  readonly people: Readonly<Record<string, string>>;
}

/**
 * The simple case: a csv file with a row a video becomes what a study file would say. Rows with the same session are one.
 * Columns: video, and where wanted id, session, condition, offset, map, participant (or participant_1, participant_2 …, or
 * left, right), and others, which are traits where there is one participant.
 */
export function csvStudy(text: string, path: string, findings: Findings): Layer {
  const list = readList(text, { path, columns: { required: ['video'], optional: null }, findings });
  const columns = list?.columns ?? [];
  const persons = columns.filter((name) => PERSON_COLUMN.test(name));
  const traits = columns.filter(
    (name) => name !== '' && !(name in VIDEO_COLUMNS) && !SESSION_COLUMNS.includes(name) && !persons.includes(name),
  );
  if (traits.length > 0 && persons.length !== 1)
    findings.note(
      { where: `${path}:1`, key: 'csv' },
      `not read: ${traits.join(', ')}; with several participants in a row, traits need a study.yaml`,
    );
  const rows = (list?.rows ?? []).map((row) => ({ row, people: peopleOf(row, persons) }));
  const sessions = new Map<string, Row[]>();
  for (const each of rows) {
    const name = each.row.value('session') ?? each.row.value('id') ?? idOfPath(each.row.value('video') ?? '');
    sessions.set(name, [...(sessions.get(name) ?? []), each]);
  }
  const grouped = [...sessions];
  return {
    value: {
      results: `${basename(path, extname(path))}-results`,
      participants: participantsOf(rows, persons.length === 1 ? traits : []),
      sessions: grouped.map(([id, members]) => sessionOf(id, members)),
    },
    locate: (key) => placeOf(key, grouped, `${path}:1`)?.where,
  };
}

function peopleOf(row: ListRow, columns: readonly string[]): Readonly<Record<string, string>> {
  const entries = columns.flatMap((column) => {
    const [, number = '1', place] = PERSON_COLUMN.exec(column)!;
    const participant = row.value(column);
    return participant === undefined ? [] : [[place ?? number, participant] as const];
  });
  return Object.fromEntries(entries);
}

function participantsOf(rows: readonly Row[], traits: readonly string[]) {
  const found = new Map<string, Record<string, string | number>>();
  for (const { row, people } of rows)
    for (const id of Object.values(people)) {
      const told = traits.flatMap((name) => {
        const value = numberOr(row.value(name));
        return value === null ? [] : [[name, value] as const];
      });
      found.set(id, { ...found.get(id), ...Object.fromEntries(told), id });
    }
  return [...found.values()];
}

function sessionOf(id: string, rows: readonly Row[]) {
  const condition = rows.map(({ row }) => row.value('condition')).find((word) => word !== undefined);
  const videos = rows.map(({ row, people }) => {
    const entries = Object.entries(VIDEO_COLUMNS).map(([column, key]) => [key, row.value(column)] as const);
    return { ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)), people };
  });
  return { id, ...(condition === undefined ? {} : { condition }), videos };
}

/** Where what a key of the study says was written: in a row. */
function placeOf(
  key: KeyPath,
  sessions: readonly (readonly [string, readonly Row[]])[],
  whole: string,
): Place | undefined {
  const [first, session, part, video] = key;
  if (first === undefined) return { where: whole, key: 'csv' };
  if (first !== 'sessions' || typeof session !== 'number') return undefined;
  const row = sessions[session]?.[1][part === 'videos' && typeof video === 'number' ? video : 0];
  return row?.row.placeOf('video');
}
