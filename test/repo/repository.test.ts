import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const isText = (path: string): boolean =>
  /\.(ts|mjs|cjs|js|json|md|py|yaml|yml|txt|css|html|toml)$|(^|\/)(run|Dockerfile|\.npmrc|\.gitignore)$/.test(path);
const lines = (text: string): number => text.split('\n').length - 1;

/** Every function of a TypeScript file that has a body: its lines, and where it begins. */
function functionsOf(path: string): { readonly lines: number; readonly at: string }[] {
  const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest);
  const found: { lines: number; at: string }[] = [];
  const lineOf = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const first = lineOf(node.getStart(file));
      found.push({ lines: lineOf(node.end) - first + 1, at: `${path}:${first}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('source', () => {
  it.each(tracked.filter((path) => /^(src|dashboards)\/.*\.(ts|js)$/.test(path)))(
    '%s has one idea: at most 300 lines',
    (path) => {
      expect(lines(read(path))).toBeLessThanOrEqual(300);
    },
  );

  it('has no function longer than 80 lines', () => {
    const sources = tracked.filter((path) => /^(src|dashboards|models\/convert)\/.*\.ts$/.test(path));
    const all = sources.flatMap(functionsOf);
    expect(all.length).toBeGreaterThan(1000);
    expect(all.filter((each) => each.lines > 80).map(({ at }) => at)).toEqual([]);
  });

  it('follows the import directions, without cycles', () => {
    const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [tool, 'src', '--config', '.dependency-cruiser.cjs'],
      { cwd: root, encoding: 'utf8' },
    );
    expect(status, `${stdout}${stderr}`).toBe(0);
  });

  it('uses every dependency, and no other package', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const sources = tracked
      .filter((path) => path.startsWith('src/') && path.endsWith('.ts'))
      .map(read)
      .join('\n');
    // The declarations of the public list speak of Node's types, of whatever version a user has.
    const { '@types/node': nodeTypes, ...others } = dependencies;
    expect(nodeTypes).toBe('>=20');
    expect(sources).toContain('/// <reference types="node" preserve="true" />');
    for (const name of Object.keys(others)) expect(sources, name).toMatch(new RegExp(`from '${name}(/[^']*)?'`));
    for (const [, specifier] of sources.matchAll(/^(?:import|export)\b[^']*? from '((?!node:)[^.'][^']*)'/gm)) {
      const name = specifier!
        .split('/')
        .slice(0, specifier!.startsWith('@') ? 2 : 1)
        .join('/');
      expect(Object.keys(dependencies), specifier!).toContain(name);
    }
    expect(Object.values(others).every((version) => /^\d/.test(version))).toBe(true);
  });
});

describe('repository', () => {
  it('names no package registry and no path of one machine', () => {
    for (const path of tracked.filter((name) => isText(name) && name !== 'test/repo/repository.test.ts')) {
      const text = read(path);
      expect(
        text.match(/registry\.npmjs|files\.pythonhosted|pypi\.org\/simple|deb\.debian\.org/)?.[0],
        path,
      ).toBeUndefined();
      expect(text.match(/"resolved": *"https?:/)?.[0], path).toBeUndefined();
      expect(text.match(/(^|[^A-Za-z0-9_.~$])\/(work|root|home\/\w+)\//m)?.[0], path).toBeUndefined();
    }
  });

  it('leaves no work for later in its text', () => {
    const unfinished = /\b(?:TO[D]O|FIX[M]E|[A-Z]{4,}_TABLE|lorem [i]psum)\b/;
    for (const path of tracked.filter(isText)) expect(read(path).match(unfinished)?.[0], path).toBeUndefined();
  });

  it('keeps the peer of the benchmark out of the product', () => {
    expect(read('bench/package.json')).toContain('"@vladmandic/human"');
    for (const path of ['package.json', 'package-lock.json']) expect(read(path), path).not.toContain('vladmandic');
  });

  it('has one number and one title line for each decision', () => {
    const names = readdirSync(join(root, 'docs/decisions')).sort();
    expect(names.length).toBeGreaterThan(0);
    names.forEach((name, index) => {
      expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
      expect(Number(name.slice(0, 4)), name).toBe(index + 1);
      expect(read(`docs/decisions/${name}`), name).toMatch(/^# \S/);
    });
  });

  it('stays small: no file above 12 MB', () => {
    for (const path of tracked) expect(statSync(join(root, path)).size, path).toBeLessThan(12 * 1024 * 1024);
  });
});

describe('models', () => {
  const ids = readdirSync(join(root, 'models')).filter((id) => existsSync(join(root, 'models', id, 'manifest.json')));

  it.each(ids)('%s has manifest, card and vector, and weights as hashed', (id) => {
    const manifest = JSON.parse(read(`models/${id}/manifest.json`)) as { id: string; file?: string; sha256: string };
    expect(manifest.id).toBe(id);
    expect(existsSync(join(root, 'models', id, 'vector.json'))).toBe(true);
    expect(read(`models/${id}/card.md`)).toMatch(/licen[cs]e/i);
    if (!manifest.file) return;
    const weights = readFileSync(join(root, 'models', id, manifest.file));
    expect(createHash('sha256').update(weights).digest('hex')).toBe(manifest.sha256);
  });
});
