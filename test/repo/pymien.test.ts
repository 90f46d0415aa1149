import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const manifest = JSON.parse(read('package.json')) as { version: string; license: string; files: string[] };
const project = read('packages/pymien/pyproject.toml');
const field = (name: string) => new RegExp(`^${name} = "(.*)"$`, 'm').exec(project)?.[1];

it('pymien has the version and the licence of mien, and is no part of its npm package', () => {
  expect(field('version')).toBe(manifest.version);
  expect(field('license')).toBe(manifest.license);
  expect(manifest.files.filter((path) => path.startsWith('packages'))).toEqual([]);
});

it('what pymien is tested with is pinned, and holds what it needs', () => {
  const pinned = read('packages/pymien/requirements.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of pinned) expect(line).toMatch(/^[\w-]+==[\w.]+$/);
  const needed = [...project.matchAll(/"([\w-]+)>=[\d.]+"/g)].map(([, name]) => name);
  expect(needed).toEqual(expect.arrayContaining(['pandas', 'pyarrow', 'websockets']));
  for (const name of ['pandas', 'pyarrow', 'websockets'])
    expect(
      pinned.some((line) => line.startsWith(`${name}==`)),
      name,
    ).toBe(true);
});
