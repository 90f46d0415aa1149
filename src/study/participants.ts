import { resolve } from 'node:path';
import { nearest } from '../config/nearest.js';
import type { Participant } from '../domain/study.js';
import type { Findings, Place } from './findings.js';
import { readList, readNamed } from './read-list.js';
import { isStudyId, STUDY_ID_WORDS } from './study-schema.js';

type Traits = Readonly<Record<string, string | number | boolean | null>>;

interface Written {
  readonly id: unknown;
  readonly traits: Traits;
  readonly place: Place;
}

/** Participants of a study file: written in it, or a csv file. */
export async function readParticipants(
  given: string | readonly (Traits | null)[],
  { folder, findings }: { readonly folder: string; readonly findings: Findings },
): Promise<readonly Participant[]> {
  const written =
    typeof given === 'string'
      ? await fromCsv(resolve(folder, given), findings)
      : given.flatMap((entry, index) => {
          if (entry === null) return [];
          const { id, ...traits } = entry;
          return [{ id, traits, place: findings.placeOf(['participants', index, 'id']) }];
        });
  const seen = new Map<string, Place>();
  return written.flatMap(({ id, traits, place }) => {
    const text = typeof id === 'number' ? String(id) : id;
    if (typeof text !== 'string' || !isStudyId(text)) {
      findings.problem(
        place,
        id === undefined ? 'missing; every participant has an id' : `expected ${STUDY_ID_WORDS}, got "${String(id)}"`,
      );
      return [];
    }
    const before = seen.get(text);
    if (before)
      findings.problem(place, `"${text}" is the id of another participant, too (${before.where}); ids are unique`);
    seen.set(text, place);
    return [{ id: text, traits: known(traits) }];
  });
}

async function fromCsv(path: string, findings: Findings): Promise<readonly Written[]> {
  const text = await readNamed(path, findings.placeOf(['participants']), findings);
  const list =
    text === undefined ? undefined : readList(text, { path, columns: { required: ['id'], optional: null }, findings });
  if (!list) return [];
  const names = list.columns.filter((name) => name !== 'id' && name !== '');
  return list.rows.map((row) => ({
    id: row.value('id'),
    traits: Object.fromEntries(names.map((name) => [name, numberOr(row.value(name))])),
    place: row.placeOf('id'),
  }));
}

/** A number where it is written as one, without zeros before it, as those of codes are. */
export function numberOr(text: string | undefined): string | number | null {
  if (text === undefined) return null;
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Traits that are known; true and false as words. */
function known(traits: Traits): Readonly<Record<string, string | number>> {
  const entries = Object.entries(traits).flatMap(([name, value]) =>
    value === null ? [] : [[name, typeof value === 'boolean' ? String(value) : value] as const],
  );
  return Object.fromEntries(entries);
}

/** Tells that nobody is called so. */
export function unknownParticipant(id: string, participants: readonly Participant[]): string {
  const ids = participants.map((participant) => participant.id);
  const meant = nearest(id, ids);
  return `there is no participant "${id}"${meant ? `; did you mean "${meant}"?` : `; add them to participants`}`;
}
