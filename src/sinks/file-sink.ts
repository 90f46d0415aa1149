import type { PeopleFile } from '../domain/people.js';
import type { Sink } from '../domain/records.js';

/** What a written file holds, for the manifest. */
export interface FileDescription {
  readonly path: string;
  readonly format: string;
  /** What its columns or fields mean: units and signs. */
  readonly contents: Readonly<Record<string, string>>;
  /** Columns that stay empty, and why. */
  readonly empty?: Readonly<Record<string, string>>;
}

/** A sink that writes files and can describe them. */
export interface FileSink extends Sink {
  /** Who is who, once all records have come: called once before close(), of sinks that name persons. */
  people?(who: PeopleFile): void;
  /** Writes what is pending, where a part of the file can be read by itself. Rejects with OUTPUT_UNWRITABLE. */
  flush?(): Promise<void>;
  /** Idempotent. Rejects with OUTPUT_UNWRITABLE when something could not be written, now or before. */
  close(): Promise<void>;
  /** Files written so far; complete after close(). */
  files(): readonly FileDescription[];
}
