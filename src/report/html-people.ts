import { readFile } from 'node:fs/promises';
import { AffectError } from '../domain/errors.js';
import { type PeopleFile, personWords } from '../domain/people.js';
import { writeWhole } from '../sinks/write-whole.js';
import { escapeHtml, jsonForScript } from './escape.js';
import { count } from './format.js';
import type { PeopleData } from './report-data.js';

/** What stands around the part of the page that is about people, so that it can be put anew. */
const BEGIN = '<!-- people -->';
const END = '<!-- /people -->';

/** "One person, followed as 3 tracks." */
export function peopleWords({ people, ignored, tracks }: PeopleFile): string {
  if (people.length === 0) return 'Nobody of interest.';
  const persons = people.length === 1 ? 'One person' : `${people.length} people`;
  const followed = `followed as ${count(tracks.length - ignored.length, 'track')}`;
  const named = people.filter(({ name }) => name !== null).map(personWords);
  const left = ignored.length > 0 ? ` ${count(ignored.length, 'track')} of nobody of interest.` : '';
  return `${persons}, ${followed}${named.length > 0 ? ` (${named.join(', ')})` : ''}.${left}`;
}

/** By what tracks of this video are joined. */
function joinedBy({ people }: PeopleFile): string {
  const looks = people.some(({ tracks }) => tracks.some(({ by }) => by === 'appearance'));
  return looks
    ? 'place, time, camera set-up and, as it was asked for, by how alike faces look'
    : 'place, time and camera set-up; nobody is recognised';
}

/** Who is who, and the panel that changes it, which the page's script fills. */
export function peopleHtml(who: PeopleFile): string {
  const { source, people, ignored, tracks } = who;
  if (tracks.length === 0) return `${BEGIN}${END}`;
  const data: PeopleData = { source, people, ignored, tracks: tracks.map(({ track }) => track) };
  return `${BEGIN}<section class="card" id="people" aria-labelledby="people-title"><h2 id="people-title">People</h2>
<p class="sub"><b>${escapeHtml(peopleWords(who))}</b> Tracks are joined by ${joinedBy(who)}. Wrong? Drag a face to its person, or choose the person beside it.</p>
<div class="people-board"></div><noscript><p class="sub">Changing who is who needs JavaScript.</p></noscript>
<script type="application/json" id="people-data">${jsonForScript(data)}</script></section>${END}`;
}

/** Puts other people into a written page. Throws INPUT_DAMAGED for what is no page of this version, OUTPUT_UNWRITABLE. */
export async function putPeople(path: string, who: PeopleFile): Promise<void> {
  const page = await readFile(path, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new AffectError('INPUT_DAMAGED', `${path} is no report of this version; analyse the video again`);
  await writeWhole(path, page.slice(0, begin) + peopleHtml(who) + page.slice(end + END.length));
}
