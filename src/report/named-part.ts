/** Parts of the page that name people, and can be put anew when a reader says who is who. */
export type NamedPart = 'people' | 'people-lead' | 'people-tile';

const begin = (name: NamedPart): string => `<!-- ${name} -->`;
const end = (name: NamedPart): string => `<!-- /${name} -->`;

/** Marks where a part of the page begins and ends. */
export const namedPart = (name: NamedPart, html: string): string => `${begin(name)}${html}${end(name)}`;

/** The page with a part put anew, which is marked as `namedPart` does; null where it has no such part. */
export function replacePart(page: string, name: NamedPart, part: string): string | null {
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))];
  return from < 0 || to < from ? null : page.slice(0, from) + part + page.slice(to + end(name).length);
}
