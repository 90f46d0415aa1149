import type { Command } from 'commander';
import { counted } from '../domain/counted.js';
import { addExamples } from './help.js';
import { addJsonOption, addQuietOption, type OutputFlags } from './output-flags.js';

interface PeopleFlags extends OutputFlags {
  readonly people?: string;
}

/** `mien people`. */
export function addPeopleCommand(program: Command): void {
  const command = program
    .command('people')
    .description('say who is who in results that exist, without analysing again')
    .argument('<results>', 'folder of the results of one video, or its NAME.people.json')
    .option(
      '--people <map.csv>',
      'whose each track is: track,person[,name][,from_s,to_s] (default: as mien joined them)',
    );
  addExamples(command, [
    ['mien people mien-out/interview --people map.csv', 'tables, ELAN, captions and report name these people'],
    ['mien people mien-out/interview', 'back to the people as mien joined them'],
  ]);
  addJsonOption(command, 'the people, and the files that were written');
  addQuietOption(command).action(async (results: string, { people, json, quiet }: PeopleFlags) => {
    const { personWords } = await import('../domain/people.js');
    const { namePeople } = await import('../recording/name-people.js');
    const { readPeopleMap } = await import('../people/people-map.js');
    const map = people === undefined ? null : readPeopleMap(people);
    const { who, files } = await namePeople(results, map, new AbortController().signal);
    if (json)
      process.stdout.write(`${JSON.stringify({ type: 'people', people: who.people, ignored: who.ignored, files })}\n`);
    if (json || quiet) return;
    for (const person of who.people) {
      const tracks = [...new Set(person.tracks.map(({ track }) => track))];
      process.stdout.write(
        `${personWords(person)}: ${tracks.length === 1 ? 'track' : 'tracks'} ${tracks.join(', ')}\n`,
      );
    }
    if (who.ignored.length > 0) process.stdout.write(`nobody: ${counted(who.ignored.length, 'track')}\n`);
    process.stdout.write(`${counted(files.length, 'file')} written anew: ${files.join(', ')}\n`);
  });
}
