import { readFile } from 'node:fs/promises';
import { AffectError } from '../domain/errors.js';
import { type PeopleFile, personWords } from '../domain/people.js';
import { writeWhole } from '../sinks/write-whole.js';
import { escapeHtml, jsonForScript } from './escape.js';
import { count } from './format.js';
import { type NamedPart, namedPart, replacePart } from './named-part.js';
import { seenWords } from './plain-summary.js';
import type { PeopleData } from './report-data.js';

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
    ? 'place, time, order of shots and, as it was asked for, by how alike faces look'
    : 'place, time and order of shots; nobody is recognised';
}

/** Who is who, and the panel that changes it, which the page's script fills. */
export function peopleHtml(who: PeopleFile): string {
  const { source, people, ignored, tracks } = who;
  if (tracks.length === 0) return namedPart('people', '');
  const data: PeopleData = { source, people, ignored, tracks: tracks.map(({ track }) => track) };
  return namedPart(
    'people',
    `<section class="card" id="people" aria-labelledby="people-title"><h2 id="people-title">People</h2>
<p class="sub"><b>${escapeHtml(peopleWords(who))}</b> Tracks are joined by ${joinedBy(who)}. Wrong? Drag a face to its person, or choose the person beside it.</p>
<div class="people-board"></div><noscript><p class="sub">Changing who is who needs JavaScript.</p></noscript>
<script type="application/json" id="people-data">${jsonForScript(data)}</script></section>`,
  );
}

/** Who was seen, in the sentence that the page begins with. */
export const leadPart = (seen: string): string => namedPart('people-lead', escapeHtml(seen));

/** How many people were seen; how many faces were followed where nobody said who is who. */
export function tilePart({ people, tracks }: { readonly people: number | null; readonly tracks: number }): string {
  const [value, name] =
    people === null
      ? [tracks, 'faces followed (tracks, not identities)']
      : [people, `${people === 1 ? 'person' : 'people'} seen, followed as ${count(tracks, 'track')}`];
  return namedPart('people-tile', `<strong>${value.toLocaleString('en-US')}</strong><span>${name}</span>`);
}

/** Puts other people into a written page. Throws INPUT_DAMAGED for what is no page of this version, OUTPUT_UNWRITABLE. */
export async function putPeople(path: string, who: PeopleFile): Promise<void> {
  const seen = { people: who.people.length, tracks: who.tracks.length };
  const parts: [NamedPart, string][] = [
    ['people', peopleHtml(who)],
    ['people-tile', tilePart(seen)],
    ['people-lead', who.tracks.length === 0 ? leadPart('') : leadPart(seenWords(seen))],
  ];
  let page = await readFile(path, 'utf8');
  for (const [name, html] of parts) {
    const replaced = replacePart(page, name, html);
    if (replaced === null)
      throw new AffectError('INPUT_DAMAGED', `${path} is no report of this version; analyse the video again`);
    page = replaced;
  }
  await writeWhole(path, page);
}
