import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type People, type Person, personFinder } from '../domain/people.js';
import type { FaceRecordJson } from '../domain/record-fields.js';
import { micros } from '../domain/units.js';
import type { PlaceOf } from './bind-people.js';

/** Where each person of a video is on average, from its records. `base` is the path of its results without ending. */
export async function readPlaces(base: string, people: Pick<People, 'people'>): Promise<PlaceOf> {
  const { run } = JSON.parse(await readFile(`${base}.manifest.json`, 'utf8')) as {
    run: { video: { widthPx: number } };
  };
  const personOf = personFinder(people);
  const sums = new Map<number, { sum: number; count: number }>();
  const input = createReadStream(`${base}.records.jsonl`, 'utf8');
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const { track, ptsUs, box } = JSON.parse(line) as FaceRecordJson;
    const person = track === null || box === null ? null : personOf(track, micros(ptsUs));
    if (!person || !box) continue;
    const { sum, count } = sums.get(person.person) ?? { sum: 0, count: 0 };
    sums.set(person.person, { sum: sum + (box.left + box.right) / 2, count: count + 1 });
  }
  return ({ person }: Person) => {
    const found = sums.get(person);
    return found ? found.sum / found.count / run.video.widthPx : null;
  };
}
