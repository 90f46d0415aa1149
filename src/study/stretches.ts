import { extname, resolve } from 'node:path';
import { AffectError } from '../domain/errors.js';
import type { Micros } from '../domain/units.js';
import { readEafTier } from '../elan/read-eaf.js';
import { labelRule } from './cue-labels.js';
import { readCues } from './cues.js';
import type { Findings, Place } from './findings.js';
import { type ListColumns, readList, readNamed } from './read-list.js';
import { TIME_WORDS, timeUs } from './session-time.js';
import { MARKERS, type Stretch, type StretchEntry, type StretchKind } from './stretch.js';

interface Reading {
  /** Of a file that names sessions, only the rows of this one are taken. */
  readonly session: string;
  readonly kind: StretchKind;
  readonly folder: string;
  readonly findings: Findings;
}

/** The stretches of one entry: itself, or those of the file that it names. */
export async function readStretches(
  entry: StretchEntry,
  at: (key: string) => Place,
  reading: Reading,
): Promise<readonly Stretch[]> {
  const { kind, findings } = reading;
  const { file, from, to } = entry;
  if (file !== undefined) {
    for (const key of ['from', 'to', 'id'] as const)
      if (entry[key] !== undefined) findings.problem(at(key), 'is for an entry without file; leave out one of them');
    return fromFile(file, entry, { ...reading, at });
  }
  for (const key of ['match', 'tier'] as const)
    if (entry[key] !== undefined) findings.problem(at(key), 'is for an entry with file; leave it out');
  const text = entry[kind.text];
  for (const [key, value] of Object.entries({ from, [kind.text]: text, ...(kind.openEnd ? {} : { to }) }))
    if (value === undefined) findings.problem(at(key), `missing; give ${key}, or file with a list`);
  if (from === undefined || text === undefined || (to === undefined && !kind.openEnd)) return [];
  const { id = null, kind: word = null, participant = null, video = null } = entry;
  const times = { fromUs: from as Micros, toUs: (to ?? null) as Micros | null };
  return [{ at, text, id, kind: word, ...times, participant, video, session: null }];
}

interface FileReading extends Reading {
  readonly at: (key: string) => Place;
}

async function fromFile(name: string, entry: StretchEntry, reading: FileReading): Promise<readonly Stretch[]> {
  const { kind, folder, findings, at } = reading;
  const path = resolve(folder, name);
  const ending = extname(name).toLowerCase();
  const isTranscript = kind === MARKERS && (ending === '.srt' || ending === '.vtt');
  const isElan = kind === MARKERS && ending === '.eaf';
  if (ending !== '.csv' && !isTranscript && !isElan) {
    findings.problem(at('file'), `${name}: expected ${kind === MARKERS ? '.csv, .srt, .vtt or .eaf' : '.csv'}`);
    return [];
  }
  if (isElan) return fromTier(path, entry, reading);
  const text = await readNamed(path, at('file'), findings);
  if (text === undefined) return [];
  if (isTranscript) return fromCues(text, path, { entry, reading });
  const { session } = reading;
  return stretchesOfCsv(text, { path, entry, kind, findings }).filter((each) => (each.session ?? session) === session);
}

/** Annotations of a tier of an ELAN file. */
async function fromTier(path: string, entry: StretchEntry, reading: FileReading): Promise<readonly Stretch[]> {
  const { at, findings } = reading;
  if (entry.tier === undefined) {
    findings.problem(at('tier'), 'missing; name the tier of the ELAN file');
    return [];
  }
  try {
    const annotations = await readEafTier(path, entry.tier);
    const told = annotations.map(({ id, value, ...times }) => ({ ...times, text: value, where: `${path} (${id})` }));
    return labelled(told, path, { entry, reading });
  } catch (error) {
    if (!(error instanceof AffectError)) throw error;
    findings.problem(at(error.code === 'USAGE' ? 'tier' : 'file'), error.message);
    return [];
  }
}

function fromCues(
  text: string,
  path: string,
  { entry, reading }: { readonly entry: StretchEntry; readonly reading: FileReading },
): readonly Stretch[] {
  const { cues, misread } = readCues(text);
  for (const { line, text: shown } of misread)
    reading.findings.problem({ where: `${path}:${line}`, key: 'cue' }, `cannot be read as times: ${shown}`);
  const told = cues.map(({ line, ...cue }) => ({ ...cue, where: `${path}:${line}` }));
  return labelled(told, path, { entry, reading });
}

/** What is said at some time, and where that is written. */
interface Said {
  readonly fromUs: Micros;
  readonly toUs: Micros;
  readonly text: string;
  readonly where: string;
}

/** Those that the rule of the entry takes, by the labels that it gives. */
function labelled(
  said: readonly Said[],
  path: string,
  { entry, reading }: { readonly entry: StretchEntry; readonly reading: FileReading },
): readonly Stretch[] {
  const { findings, at } = reading;
  const labelOf = labelRule(entry, at, findings);
  if (labelOf === undefined) return [];
  const { kind = null, participant = null, video = null } = entry;
  const taken = said.flatMap(({ where, fromUs, toUs, text }): Stretch[] => {
    const label = labelOf(text);
    const place = () => ({ where, key: 'cue' });
    return label === null
      ? []
      : [{ at: place, text: label, id: null, kind, fromUs, toUs, participant, video, session: null }];
  });
  if (taken.length === 0) {
    const first = said[0] ? `its first cue says "${said[0].text.slice(0, 60)}"` : 'it has no cues';
    findings.problem(at(entry.match === undefined ? 'file' : 'match'), `nothing of ${path} is taken; ${first}`);
  }
  return taken;
}

/** Columns of a csv file of stretches. @param ofStudy - it is for all sessions, and names them */
const columnsOf = (kind: StretchKind, ofStudy: boolean): ListColumns => ({
  required: [...(ofStudy ? ['session'] : []), kind.text, 'from', ...(kind.openEnd ? [] : ['to'])],
  optional: [...(ofStudy ? [] : ['session']), ...(kind.openEnd ? ['id', 'kind', 'to'] : []), 'participant', 'video'],
});

/** The stretches of a csv file; what an entry says holds where a row says nothing. */
export function stretchesOfCsv(
  text: string,
  options: {
    readonly path: string;
    readonly entry: StretchEntry | null;
    readonly kind: StretchKind;
    readonly findings: Findings;
  },
): readonly Stretch[] {
  const { path, entry, kind, findings } = options;
  const list = readList(text, { path, columns: columnsOf(kind, entry === null), findings });
  return (list?.rows ?? []).flatMap((row): Stretch[] => {
    const wanted = [...(entry === null ? ['session'] : []), kind.text, 'from', ...(kind.openEnd ? [] : ['to'])];
    const missing = wanted.filter((column) => row.value(column) === undefined);
    for (const column of missing) findings.problem(row.placeOf(column), 'missing');
    const [fromUs, toUs] = ['from', 'to'].map((column) => {
      const given = row.value(column);
      const us = timeUs(given);
      if (given !== undefined && us === null)
        findings.problem(row.placeOf(column), `expected ${TIME_WORDS}, got "${given}"`);
      return us;
    });
    if (missing.length > 0 || fromUs === null || (row.value('to') !== undefined && toUs === null)) return [];
    return [
      {
        at: row.placeOf,
        text: row.value(kind.text) ?? null,
        id: row.value('id') ?? null,
        kind: row.value('kind') ?? entry?.kind ?? null,
        fromUs: fromUs!,
        toUs: toUs ?? null,
        participant: row.value('participant') ?? entry?.participant ?? null,
        video: row.value('video') ?? entry?.video ?? null,
        session: row.value('session') ?? null,
      },
    ];
  });
}
