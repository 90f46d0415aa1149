import { createReadStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type PeopleFile, type Person, personFinder, type SeenFrames, type SeenTrack } from '../domain/people.js';
import { type Micros, micros } from '../domain/units.js';
import { discard, openLineFile } from './line-file.js';
import { type SinkTarget, unwritable } from './output-file.js';

/** Which cell of a table tells the person, and how a row's frame and time are found. */
export interface PersonColumn {
  /** Names of columns; all are in the header line. */
  readonly name: string;
  readonly frame: string;
  /** Null where the table has no time in seconds: it is then reckoned from the frames in which the track was seen. */
  readonly seconds: string | null;
  /** What `frame` says of the first frame. */
  readonly firstFrame: number;
  /** Text of the cell; the person is null where the face is nobody's. */
  readonly cell: (person: Person | null) => string;
}

/** What is added to the name of a file while it is written anew. */
export const PART_ENDING = '.part';

interface Sighting extends SeenFrames {
  readonly track: number;
}

/** The tracks of each frame in rising order, as the rows of a table have them. Frames are asked for in rising order. */
class TracksOfFrames {
  readonly #coming: Sighting[];
  #next = 0;
  #open: Sighting[] = [];

  constructor(tracks: readonly SeenTrack[]) {
    this.#coming = tracks
      .flatMap(({ track, seen }) => seen.map((frames) => ({ ...frames, track })))
      .sort((a, b) => a.fromFrame - b.fromFrame);
  }

  at(frame: number): readonly Sighting[] {
    this.#open = this.#open.filter(({ toFrame }) => toFrame >= frame);
    while (this.#next < this.#coming.length && this.#coming[this.#next]!.fromFrame <= frame) {
      const sighting = this.#coming[this.#next++]!;
      if (sighting.toFrame >= frame) this.#open.push(sighting);
    }
    return this.#open.sort((a, b) => a.track - b.track);
  }
}

/** Time of a frame between two known ones. */
function reckoned({ fromFrame, toFrame, fromUs, toUs }: SeenFrames, frame: number): Micros {
  const share = toFrame === fromFrame ? 0 : (frame - fromFrame) / (toFrame - fromFrame);
  return micros(fromUs + share * (toUs - fromUs));
}

/** Where the fields of a line begin and end, up to field `most`; commas within quotes do not count. */
export function fieldBounds(line: string, most: number): readonly (readonly [from: number, to: number])[] {
  const bounds: [number, number][] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at <= line.length; at++) {
    const code = at < line.length ? line.charCodeAt(at) : 44;
    if (code === 34) quoted = !quoted;
    else if (code === 44 && (!quoted || at === line.length)) {
      bounds.push([from, at]);
      if (bounds.length > most) break;
      from = at + 1;
    }
  }
  return bounds;
}

const quotesOf = (text: string): number => text.split('"').length - 1;

/** Records of a table, whose quoted fields may go over several lines. */
async function* recordsOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path, 'utf8');
  let open = '';
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const text = open === '' ? line : `${open}\n${line}`;
      open = quotesOf(text) % 2 === 1 ? text : '';
      if (open === '') yield text;
    }
  } finally {
    input.destroy();
  }
}

/** Fills the cells of rows that come in order. */
class CellFiller {
  readonly #column: PersonColumn;
  readonly #personOf: ReturnType<typeof personFinder>;
  readonly #frames: TracksOfFrames;
  readonly #at: { readonly cell: number; readonly frame: number; readonly seconds: number; readonly last: number };
  #frame = Number.NaN;
  #tracks: readonly Sighting[] = [];
  #row = 0;

  constructor(header: string, who: PeopleFile, column: PersonColumn) {
    const names = header.split(',');
    const [cell, frame, seconds] = [column.name, column.frame, column.seconds ?? column.frame].map((name) =>
      names.indexOf(name),
    ) as [number, number, number];
    this.#at = { cell, frame, seconds, last: Math.max(cell, frame, seconds) };
    this.#column = column;
    this.#personOf = personFinder(who);
    this.#frames = new TracksOfFrames(who.tracks);
  }

  fill(line: string): string {
    const bounds = fieldBounds(line, this.#at.last);
    const numberAt = (field: number): number => Number(line.slice(...bounds[field]!));
    const frame = numberAt(this.#at.frame) - this.#column.firstFrame;
    if (frame !== this.#frame) {
      this.#tracks = this.#frames.at(frame);
      this.#frame = frame;
      this.#row = 0;
    }
    const sighting = this.#tracks[this.#row++];
    if (!sighting) return line; // A frame without a face.
    const at = this.#column.seconds === null ? reckoned(sighting, frame) : micros(numberAt(this.#at.seconds) * 1e6);
    const [from, to] = bounds[this.#at.cell]!;
    return line.slice(0, from) + this.#column.cell(this.#personOf(sighting.track, at)) + line.slice(to);
  }
}

/**
 * Writes a file of lines anew; a quoted field may go over several. The file changes at once, when all is written. Rejects with
 * OUTPUT_UNWRITABLE; the file is then as it was.
 *
 * @param change - the record as it is to be, or null where it is to go
 */
export async function rewriteRecords(
  target: SinkTarget,
  ending: string,
  change: (record: string) => string | null,
): Promise<void> {
  const path = `${target.base}${ending}`;
  const file = await openLineFile({ ...target, overwrite: true }, `${ending}${PART_ENDING}`);
  try {
    for await (const record of recordsOf(path)) {
      const changed = change(record);
      const full = changed === null ? undefined : file.write(`${changed}\n`);
      if (full) await full;
    }
    await file.close();
    await rename(file.path, path);
  } catch (error) {
    await discard(file);
    throw unwritable(path, error);
  }
}

/** Writes a table anew with the persons of its faces, whatever its cells said before. Rejects as rewriteRecords does. */
export async function fillPersonCells(
  target: SinkTarget,
  ending: string,
  { who, column }: { readonly who: PeopleFile; readonly column: PersonColumn },
): Promise<void> {
  let filler: CellFiller | null = null;
  await rewriteRecords(target, ending, (record) => {
    if (filler) return filler.fill(record);
    filler = new CellFiller(record, who, column);
    return record;
  });
}
