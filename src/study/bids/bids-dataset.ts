import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Participant, Study, StudySession } from '../../domain/study.js';
import { openLineFile } from '../../sinks/line-file.js';
import { unwritable } from '../../sinks/output-file.js';
import { writeWhole } from '../../sinks/write-whole.js';
import type { Measure } from '../numbers/measure.js';
import type { NumberRow } from '../numbers/number-row.js';
import type { PersonSeries } from '../numbers/person-series.js';
import type { SessionSeries } from '../numbers/session-rows.js';
import type { Signal } from '../numbers/signals.js';
import { BIDS_FOLDER, sessionOf, subjectOf, taskOf } from './bids-names.js';
import {
  datasetDescription,
  eventsSidecar,
  framesSidecar,
  numbersSidecar,
  participantsSidecar,
  readme,
  SESSIONS_SIDECAR,
} from './bids-sidecars.js';
import {
  EVENT_COLUMNS,
  eventLines,
  frameColumns,
  frameLines,
  NUMBER_COLUMNS,
  numberTsvLine,
  tsvLine,
} from './bids-tables.js';

/** What the dataset says of its columns. */
interface Described {
  readonly signals: readonly Signal[];
  readonly measures: readonly Measure[];
}

/**
 * `bids/`: the numbers, events and frames of a study as a BIDS dataset of derivatives. Written anew each time, beside the one of
 * before, which stays until this one is whole.
 */
export class BidsDataset {
  readonly #study: Study;
  readonly #described: Described;
  readonly #folder: string;
  readonly #part: string;
  /** Sessions in which each participant is told of. */
  readonly #seen = new Map<string, StudySession[]>();
  /** Numbers of the participants of the session whose rows come now. */
  #rows: { readonly session: string; readonly byParticipant: Map<string, string[]> } | null = null;

  private constructor(study: Study, described: Described) {
    this.#study = study;
    this.#described = described;
    this.#folder = join(study.results, BIDS_FOLDER);
    this.#part = `${this.#folder}.part`;
  }

  /** Rejects with OUTPUT_UNWRITABLE. */
  static async begin(study: Study, described: Described): Promise<BidsDataset> {
    const dataset = new BidsDataset(study, described);
    await dataset.discard();
    return dataset;
  }

  /** Takes what was written so far away. Rejects with OUTPUT_UNWRITABLE. */
  async discard(): Promise<void> {
    await this.#try(this.#part, rm(this.#part, { recursive: true, force: true }));
  }

  /** Events and frames of the people of a session. Rejects with OUTPUT_UNWRITABLE. */
  async session({ session, people }: SessionSeries): Promise<void> {
    for (const person of people) {
      const { participant } = person;
      this.#seen.set(participant, [...(this.#seen.get(participant) ?? []), session]);
      await mkdir(this.#folderOf(participant, session.id), { recursive: true }).catch((error: unknown) => {
        throw unwritable(this.#folderOf(participant, session.id), error);
      });
      const events = [tsvLine(EVENT_COLUMNS), ...eventLines(session, person)].join('');
      await writeWhole(this.#fileOf(participant, session.id, 'mien_events.tsv'), events);
      await this.#frames(session.id, person);
    }
  }

  async #frames(session: string, person: PersonSeries): Promise<void> {
    const base = this.#fileOf(person.participant, session, 'frames_beh');
    const file = await openLineFile({ base, overwrite: true }, '.tsv');
    try {
      await file.write(tsvLine(frameColumns(person)));
      for (const line of frameLines(person)) {
        const full = file.write(line);
        if (full) await full;
      }
    } finally {
      await file.close();
    }
  }

  /** Hands rows on as they come, and keeps those of one participant in one session. Rejects with OUTPUT_UNWRITABLE, too. */
  async *rows(rows: AsyncIterable<NumberRow>): AsyncGenerator<NumberRow> {
    for await (const row of rows) {
      if (this.#rows !== null && row.session !== this.#rows.session) await this.#writeRows();
      if (row.level === 'person' && row.session !== null) this.#add(row, row.session);
      yield row;
    }
    await this.#writeRows();
  }

  #add(row: NumberRow, session: string): void {
    this.#rows ??= { session, byParticipant: new Map() };
    const lines = this.#rows.byParticipant.get(row.participant!);
    if (lines) lines.push(numberTsvLine(row));
    else this.#rows.byParticipant.set(row.participant!, [numberTsvLine(row)]);
  }

  async #writeRows(): Promise<void> {
    if (this.#rows === null) return;
    const { session, byParticipant } = this.#rows;
    this.#rows = null;
    const header = tsvLine(NUMBER_COLUMNS.map(({ name }) => name));
    for (const [participant, lines] of byParticipant)
      await writeWhole(this.#fileOf(participant, session, 'numbers_beh.tsv'), `${header}${lines.join('')}`);
  }

  /** Writes what is of all, and puts the dataset in its place. Resolves to its folder. Rejects with OUTPUT_UNWRITABLE. */
  async finish(): Promise<string> {
    const { name, participants } = this.#study;
    const { signals, measures } = this.#described;
    const seen = participants.filter(({ id }) => this.#seen.has(id));
    const task = taskOf(name);
    const json = (file: string, value: object) =>
      writeWhole(join(this.#part, file), `${JSON.stringify(value, null, 2)}\n`);
    await json('dataset_description.json', datasetDescription(name));
    await json('participants.json', participantsSidecar(seen));
    await json('sessions.json', SESSIONS_SIDECAR);
    await json(`${task}_desc-mien_events.json`, eventsSidecar(this.#study));
    await json(`${task}_desc-frames_beh.json`, framesSidecar(this.#study, signals));
    await json(`${task}_desc-numbers_beh.json`, numbersSidecar(this.#study, measures));
    await writeWhole(join(this.#part, 'README.md'), readme(name));
    await writeWhole(join(this.#part, 'participants.tsv'), participantsTable(seen));
    for (const { id } of seen)
      await writeWhole(
        join(this.#part, subjectOf(id), `${subjectOf(id)}_sessions.tsv`),
        sessionsTable(this.#seen.get(id)!),
      );
    await this.#try(this.#folder, rm(this.#folder, { recursive: true, force: true }));
    await this.#try(this.#folder, rename(this.#part, this.#folder));
    return this.#folder;
  }

  #folderOf(participant: string, session: string): string {
    return join(this.#part, subjectOf(participant), sessionOf(session), 'beh');
  }

  #fileOf(participant: string, session: string, ending: string): string {
    const name = [subjectOf(participant), sessionOf(session), taskOf(this.#study.name), `desc-${ending}`].join('_');
    return join(this.#folderOf(participant, session), name);
  }

  async #try(path: string, done: Promise<unknown>): Promise<void> {
    await done.catch((error: unknown) => {
      throw unwritable(path, error);
    });
  }
}

function participantsTable(participants: readonly Participant[]): string {
  const traits = [...new Set(participants.flatMap(({ traits: of }) => Object.keys(of)))];
  const rows = participants.map(({ id, traits: of }) => [subjectOf(id), id, ...traits.map((name) => of[name])]);
  return [['participant_id', 'id', ...traits], ...rows].map(tsvLine).join('');
}

function sessionsTable(sessions: readonly StudySession[]): string {
  const rows = sessions.map(({ id, condition }) => [sessionOf(id), id, condition]);
  return [['session_id', 'id', 'condition'], ...rows].map(tsvLine).join('');
}
