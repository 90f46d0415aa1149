import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readTable } from '../../csv/csv-rows.js';
import { AffectError } from '../../domain/errors.js';
import { readListFile } from '../benchmarks/annotation-file.js';
import type { AuSetName } from './au-sets.js';
import { type CodedFace, parseCodedList } from './coded-faces.js';
import { frameImage } from './frame-image.js';

/** Pictures of frames where nobody says how they are named. */
export const FRAME_IMAGES = { disfa: '{subject}/{frame}.png', bp4d: '{subject}/{task}/{frame}.jpg' } as const;

export interface AuSetSource {
  readonly set: AuSetName;
  /** The folder of labels, or the list. */
  readonly path: string;
  /** FACS numbers that are wanted. */
  readonly units: readonly string[];
  /** Pattern of frameImage; null: the set's own. */
  readonly frameImage: string | null;
}

/** Coded frames of one recording, in order; of sets without recordings all pictures. */
export type Recording = readonly CodedFace[];

/**
 * Labels of a set in its published form: DISFA's ActionUnit_Labels/SN001/SN001_au1.txt (frame,degree), BP4D's
 * AUCoding/AU_OCC/F001_T1.csv (a first line with the units, then frame and codes; 9 is not coded), EmotioNet's table
 * (URL, 'AU 1' ...; 999 is not coded), and for GFT a list as `mien eval au-list` reads it. Rejects with INPUT_NOT_FOUND, or
 * USAGE that names the file and line.
 */
export async function readAuSet(source: AuSetSource): Promise<readonly Recording[]> {
  const recordings: Recording[] = [];
  for await (const recording of auSetRecordings(source)) recordings.push(recording);
  if (!recordings.some((faces) => faces.length > 0))
    throw new AffectError(
      'USAGE',
      `${source.path} lists no coded images of ${source.set}; there is nothing to measure`,
    );
  return recordings;
}

/** The same, one recording after another: of DISFA and BP4D no more than one is in memory. */
export const auSetRecordings = (source: AuSetSource): AsyncGenerator<Recording> => READERS[source.set](source);

const READERS: Readonly<Record<AuSetName, (source: AuSetSource) => AsyncGenerator<Recording>>> = {
  disfa: readDisfa,
  bp4d: readBp4d,
  async *gft({ path, units }) {
    const { faces } = parseCodedList(await readListFile(path), path, { image: 'image', subject: null });
    yield* bySubject(faces.map((face) => ({ ...face, codes: only(face.codes, units) })));
  },
  async *emotionet({ path, units }) {
    yield parseEmotionet(await readListFile(path), path, units);
  },
};

/** The first of the folders that exists below `path`, else `path` itself. */
function below(path: string, ...names: readonly string[]): string {
  return names.map((name) => join(path, name)).find((one) => existsSync(one)) ?? path;
}

async function entriesOf(folder: string, pattern: RegExp, form: string): Promise<RegExpExecArray[]> {
  const names = await readdir(folder).catch(() => {
    throw new AffectError('INPUT_NOT_FOUND', `cannot read the folder ${folder}; check the path`);
  });
  const found = names
    .sort()
    .map((name) => pattern.exec(name))
    .filter((match) => match !== null);
  if (found.length === 0) throw new AffectError('USAGE', `${folder} has no ${form}; name the folder of the labels`);
  return found;
}

async function* readDisfa({ path, units, frameImage: pattern }: AuSetSource): AsyncGenerator<Recording> {
  const folder = below(path, 'ActionUnit_Labels');
  for (const { 0: subject } of await entriesOf(folder, /^SN\d{3}$/, 'folders SN001, SN002 ...')) {
    const frames = new Map<number, Map<string, number>>();
    for (const unit of units) {
      const file = join(folder, subject, `${subject}_au${unit}.txt`);
      for (const { line, cells } of rowsOf(await readListFile(file))) {
        const [frame, degree] = cells.map(Number);
        if (cells.length !== 2 || !Number.isInteger(frame) || !(degree! >= 0 && degree! <= 5))
          throw new AffectError('USAGE', `${file}, line ${line}: expected a frame and a degree 0 to 5, like 12,3`);
        frames.set(frame!, (frames.get(frame!) ?? new Map<string, number>()).set(unit, degree!));
      }
    }
    yield facesOf(frames, { pattern: pattern ?? FRAME_IMAGES.disfa, subject, task: '' });
  }
}

async function* readBp4d({ path, units, frameImage: pattern }: AuSetSource): AsyncGenerator<Recording> {
  const folder = below(path, join('AUCoding', 'AU_OCC'), 'AU_OCC', 'AUCoding');
  for (const [name, subject, task] of await entriesOf(folder, /^([FM]\d{3})_(T\d+)\.csv$/, 'files F001_T1.csv ...')) {
    const file = join(folder, name);
    const [head, ...rows] = rowsOf(await readListFile(file));
    const columns = units.map((unit) => [unit, head?.cells.indexOf(unit) ?? -1] as const);
    const missing = columns.find(([, at]) => at < 1)?.[0];
    if (missing !== undefined)
      throw new AffectError('USAGE', `${file}, line 1: no column ${missing}; its first line names the action units`);
    const frames = new Map<number, Map<string, number>>();
    for (const { line, cells } of rows) {
      const codes = new Map<string, number>();
      for (const [unit, at] of columns) {
        if (!/^[019]$/.test(cells[at] ?? ''))
          throw new AffectError(
            'USAGE',
            `${file}, line ${line}: AU${unit} is "${cells[at] ?? ''}"; expected 0, 1 or 9`,
          );
        if (cells[at] !== '9') codes.set(unit, Number(cells[at]));
      }
      frames.set(Number(cells[0]), codes);
    }
    yield facesOf(frames, { pattern: pattern ?? FRAME_IMAGES.bp4d, subject: subject!, task: task! });
  }
}

function parseEmotionet(text: string, path: string, units: readonly string[]): Recording {
  const { header, rows } = readTable(text, path);
  const bare = (cell: string | undefined): string => (cell ?? '').replace(/^[\s'"]+|[\s'"]+$/g, '');
  const names = header.map(bare);
  const urlAt = names.indexOf('URL');
  const columns = units.map(
    (unit) => [unit, names.findIndex((name) => new RegExp(`^AU ?${unit}$`).test(name))] as const,
  );
  const missing = urlAt < 0 ? 'URL' : columns.find(([, at]) => at < 0)?.[0];
  if (missing !== undefined)
    throw new AffectError('USAGE', `${path}, line 1: no column ${missing === 'URL' ? missing : `AU ${missing}`}`);
  return rows.map(({ line, fields }): CodedFace => {
    const codes = new Map<string, number>();
    for (const [unit, at] of columns) {
      const code = bare(fields[at]);
      if (code === '' || code === '999') continue;
      if (code !== '0' && code !== '1')
        throw new AffectError('USAGE', `${path}, line ${line}: AU${unit} is "${code}"; expected 0, 1 or 999`);
      codes.set(unit, Number(code));
    }
    return { image: basename(bare(fields[urlAt]).replace(/[?#].*$/, '')), subject: null, codes };
  });
}

/** Lines that are not empty, as cells between commas, with their numbers from 1. */
function rowsOf(text: string): { readonly line: number; readonly cells: readonly string[] }[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [{ line: index + 1, cells: line.split(',').map((cell) => cell.trim()) }],
  );
}

function facesOf(
  frames: ReadonlyMap<number, ReadonlyMap<string, number>>,
  { pattern, subject, task }: { readonly pattern: string; readonly subject: string; readonly task: string },
): Recording {
  return [...frames]
    .sort(([a], [b]) => a - b)
    .map(([frame, codes]) => ({ image: frameImage(pattern, { subject, task, frame }), subject, codes }));
}

const only = (codes: ReadonlyMap<string, number>, units: readonly string[]): Map<string, number> =>
  new Map([...codes].filter(([unit]) => units.includes(unit)));

function bySubject(faces: readonly CodedFace[]): Recording[] {
  const recordings = new Map<string | null, CodedFace[]>();
  for (const face of faces) recordings.set(face.subject, [...(recordings.get(face.subject) ?? []), face]);
  return [...recordings.values()];
}
