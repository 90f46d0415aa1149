import type { PeopleFile } from '../domain/people.js';
import type { FileSink } from './file-sink.js';
import { openOutputFile, type SinkTarget } from './output-file.js';

/** `<base>.people.json`: who is who, once people() has told it. */
export async function createPeopleSink(
  target: SinkTarget,
  ending: string,
  text: (who: PeopleFile) => string,
): Promise<FileSink> {
  const file = await openOutputFile(target, ending);
  let who: PeopleFile | null = null;
  let closing: Promise<void> | undefined;
  const finish = async (): Promise<void> => {
    try {
      if (who) await file.append(Buffer.from(text(who)), () => 0);
    } finally {
      await file.close();
    }
  };
  return {
    name: 'people',
    records: () => undefined,
    episode: () => undefined,
    people(told) {
      who = told;
    },
    close() {
      closing ??= finish();
      return closing;
    },
    files: () => [
      {
        path: file.path,
        format: 'JSON, which tracks are one person',
        contents: {
          people:
            'persons from 1 in the order in which they were first seen, each with its tracks; by: why a track counts as theirs (first, place, scene, appearance, map)',
          'fromUs, toUs':
            'microseconds of media time between which a track is theirs, to exclusive; null: the whole track',
          ignored: 'tracks that a map says are nobody of interest',
          joined: 'the people as mien joined them, before any map',
          tracks: 'in which frames each track was seen, from and to inclusive, with their times in microseconds',
        },
      },
    ],
  };
}
