// What a run of the made study left, read back.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTable } from '../../dist/csv/csv-rows.js';

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const lines = (path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Records of a video that show a face, by the number of their frame. */
function facesByFrame(path) {
  const byFrame = new Map();
  for (const record of lines(path)) {
    if (record.track === null) continue;
    byFrame.set(record.frame, [...(byFrame.get(record.frame) ?? []), record]);
  }
  return byFrame;
}

/** Which person of a result a record shows. */
function personFinder({ people }) {
  const holds =
    ({ track, ptsUs }) =>
    (part) =>
      part.track === track && (part.fromUs ?? 0) <= ptsUs && ptsUs < (part.toUs ?? Number.POSITIVE_INFINITY);
  return (record) => people.find(({ tracks }) => tracks.some(holds(record)))?.person ?? null;
}

/** Everything that is known of a video of the study, true and told. */
export function videoResults(folder, id, bound) {
  const truth = json(join(folder, 'videos', `${id}.truth.json`));
  const base = join(folder, 'results', 'videos', id, id);
  const people = json(`${base}.people.json`);
  return {
    id,
    truth,
    records: facesByFrame(`${base}.records.jsonl`),
    tracks: people.tracks.length,
    persons: people.people.length,
    personOf: personFinder(people),
    participantOf: (person) => bound[person] ?? null,
    idOf: ({ person }) => truth.study.participants[person],
    hasSound: truth.study.sound,
  };
}

/** The table of numbers; cells of numbers are numbers, empty ones null. */
export function readNumbers(folder) {
  const path = join(folder, 'results', 'numbers.csv');
  const { header, rows } = readTable(readFileSync(path, 'utf8'), path);
  const numeric = new Set(['from_s', 'to_s', 'value', 'low', 'high', 'n', 'seconds', 'window_s', 'coverage']);
  const cell = (name, text) => (text === '' ? null : numeric.has(name) ? Number(text) : text);
  return rows.map(({ fields }) => Object.fromEntries(header.map((name, at) => [name, cell(name, fields[at])])));
}

/** Who is who in each video, as the numbers took it: by video, a participant by the number of a person. */
export function boundPeople(folder) {
  const { study } = json(join(folder, 'results', 'numbers.json'));
  return new Map(study.sessions.flatMap(({ videos }) => videos.map(({ id, people }) => [id, people])));
}

export const readTruth = (folder) => json(join(folder, 'truth.json'));

/** States of the videos that were run so far, by id. */
export function statesOf(folder) {
  const path = join(folder, 'results', 'study.json');
  return new Map(existsSync(path) ? json(path).videos.map(({ id, state }) => [id, state]) : []);
}
