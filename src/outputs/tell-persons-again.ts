import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { AffectError } from '../domain/errors.js';
import { PEOPLE_ENDING, type PeopleFile } from '../domain/people.js';
import { Tally } from '../domain/run-tally.js';
import { peopleText } from '../people/people-file.js';
import { unwritable } from '../sinks/output-file.js';
import { writeWhole } from '../sinks/write-whole.js';
import { type OpenedOutput, OUTPUT_NAMES, type OutputName, outputOf } from './outputs.js';
import { replayResults } from './replay-results.js';

/** Added to the base name of files while they are made anew. */
const AGAIN = '.again';

/** Makes the files of an output anew that know persons only from what is replayed. */
async function replay(
  name: OutputName,
  {
    base,
    who,
    actionUnits,
  }: { readonly base: string; readonly who: PeopleFile; readonly actionUnits: readonly string[] },
): Promise<void> {
  const { endings, personEndings = endings, openReplayed } = outputOf(name);
  const output: OpenedOutput = await openReplayed!(
    { base: `${base}${AGAIN}`, overwrite: true },
    {
      actionUnits,
      insights: existsSync(`${base}.insights.jsonl`),
      replaced: base,
    },
  );
  try {
    await replayResults(base, output);
    output.people?.(who);
    await output.close(new Tally().summary('complete', null));
    for (const ending of personEndings) await rename(`${base}${AGAIN}${ending}`, `${base}${ending}`);
  } catch (error) {
    await output.close(new Tally().summary('interrupted', null)).catch(() => undefined); // its files are removed anyway
    throw error instanceof AffectError ? error : unwritable(`${base}${endings[0]}`, error);
  } finally {
    for (const ending of endings) await rm(`${base}${AGAIN}${ending}`, { force: true });
  }
}

/**
 * Writes the files of a finished run anew that name persons, without analysing; each changes at once. What was done stays when a
 * later one fails, and the same call again does the rest. Throws OUTPUT_UNWRITABLE, INPUT_NOT_FOUND and INPUT_DAMAGED.
 *
 * @param base - folder and base name of the files
 * @returns names of the files that name persons
 */
export async function tellPersonsAgain(
  base: string,
  who: PeopleFile,
  { actionUnits }: { readonly actionUnits: readonly string[] },
): Promise<string[]> {
  const there = OUTPUT_NAMES.filter((name) => outputOf(name).endings.some((ending) => existsSync(`${base}${ending}`)));
  const replayed = there.filter((name) => outputOf(name).openReplayed);
  if (replayed.length > 0 && !existsSync(`${base}.records.jsonl`)) {
    const files = replayed.flatMap((name) =>
      (outputOf(name).personEndings ?? outputOf(name).endings).map((ending) => basename(`${base}${ending}`)),
    );
    const fix = 'analyse the video again with --people, or delete these files';
    throw new AffectError(
      'INPUT_NOT_FOUND',
      `${base}.records.jsonl is needed to name persons in ${files.join(', ')}; ${fix}`,
    );
  }
  const told: string[] = [];
  for (const name of there) {
    const { endings, personEndings = endings, fillPersons, putPersons = fillPersons } = outputOf(name);
    if (putPersons) await putPersons({ base, overwrite: true }, who);
    else if (replayed.includes(name)) await replay(name, { base, who, actionUnits });
    else continue;
    told.push(...personEndings.map((ending) => basename(`${base}${ending}`)));
  }
  const people = `${base}${PEOPLE_ENDING}`;
  await writeWhole(people, peopleText(who));
  return [...told, basename(people)];
}
