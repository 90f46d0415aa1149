import type { PeopleData } from '../../../src/report/report-data.js';
import { h } from '../../shared/element.js';

/** How a person is called who has no name. */
export const unnamed = (person: number): string => `Person ${person}`;

/** Puts the faces of one person together under one heading, in the order of persons; those of nobody come last. */
export function groupFaces({ people, ignored }: PeopleData): void {
  const sections = [...document.querySelectorAll<HTMLElement>('.face[data-track]')];
  const [first] = sections;
  if (!first) return;
  const place = document.createComment('faces');
  first.before(place);
  const group = (title: string, tracks: readonly number[]): void => {
    const faces = sections.filter(({ dataset }) => tracks.includes(Number(dataset.track)));
    if (faces.length === 0) return;
    const followed = tracks.length === 1 ? `followed as face ${tracks[0]}` : `followed as faces ${tracks.join(', ')}`;
    const heading = h('h2', { children: [title, h('small', { text: followed })] });
    const gathered = h('div', { className: 'person-faces', children: [heading, ...faces] });
    place.before(gathered);
  };
  const taken = new Set<number>();
  for (const { person, name, tracks } of people) {
    const theirs = [...new Set(tracks.map(({ track }) => track))].filter((track) => !taken.has(track));
    for (const track of theirs) taken.add(track);
    group(name ?? unnamed(person), theirs);
  }
  group('Nobody of interest', ignored);
}
