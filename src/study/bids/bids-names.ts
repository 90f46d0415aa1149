import type { Study } from '../../domain/study.js';

/** Folder of the dataset, in the results of a study. */
export const BIDS_FOLDER = 'bids';

/** A label of BIDS names is letters a to z and digits: what else an id has is left out of it. */
export const bidsLabel = (id: string): string => id.replace(/[^A-Za-z0-9]/g, '');

/** `sub-P01`: how a participant is called in the dataset. */
export const subjectOf = (participant: string): string => `sub-${bidsLabel(participant)}`;

/** `ses-S01`: how a session is called in the dataset. */
export const sessionOf = (session: string): string => `ses-${bidsLabel(session)}`;

/** `task-Talkingaboutaconflict`: what the study had people do, by its name. */
export const taskOf = (study: string): string => `task-${bidsLabel(study)}`;

/** Columns that the dataset names itself. */
const OWN_COLUMNS = ['participant_id', 'id'];

/** Why a study cannot be laid out so, in words; each names what to change. */
export function bidsProblems({
  name,
  participants,
  sessions,
}: {
  readonly name: string;
  readonly participants: Study['participants'];
  readonly sessions: readonly { readonly id: string }[];
}): readonly string[] {
  const traits = new Set(participants.flatMap(({ traits: of }) => Object.keys(of)));
  return [
    ...(bidsLabel(name) === '' ? [`the name "${name}" has no letter a to z and no digit for a name of files`] : []),
    ...clashes('participants', participants, subjectOf),
    ...clashes('sessions', sessions, sessionOf),
    ...OWN_COLUMNS.filter((column) => traits.has(column)).map(
      (column) => `the trait "${column}" is a column of the dataset's own; call it otherwise`,
    ),
  ];
}

/** Ids that would have one name. Case does not tell files apart on every disk. */
function clashes(
  what: string,
  all: readonly { readonly id: string }[],
  nameOf: (id: string) => string,
): readonly string[] {
  const byName = new Map<string, { readonly id: string }[]>();
  for (const each of all) {
    const name = nameOf(each.id).toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), each]);
  }
  return [...byName.values()]
    .filter((same) => same.length > 1)
    .map((same) => `${what} ${same.map(({ id }) => `"${id}"`).join(' and ')} would all be ${nameOf(same[0]!.id)}`);
}
