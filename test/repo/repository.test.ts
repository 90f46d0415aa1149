import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/domain/errors.js';

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

describe('source', () => {
  it.each(tracked.filter((path) => /^src\/.*\.(ts|js)$/.test(path)))('%s has one idea: at most 300 lines', (path) => {
    expect(lines(read(path))).toBeLessThanOrEqual(300);
  });

  it('follows the import directions, without cycles', () => {
    const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const run = () =>
      execFileSync(process.execPath, [tool, 'src', '--config', '.dependency-cruiser.cjs'], {
        cwd: root,
        encoding: 'utf8',
      });
    expect(run).not.toThrow();
  });

  it('uses every dependency, and no other package', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const sources = tracked
      .filter((path) => path.startsWith('src/') && path.endsWith('.ts'))
      .map(read)
      .join('\n');
    // These two are data: their files are read by path, named in models/*/manifest.json.
    const manifests = tracked
      .filter((path) => /^models\/.*manifest\.json$/.test(path))
      .map(read)
      .join('\n');
    for (const name of Object.keys(dependencies)) {
      expect(sources.includes(`from '${name}'`) || manifests.includes(`"${name}"`), name).toBe(true);
    }
    expect(Object.values(dependencies).every((version) => /^\d/.test(version))).toBe(true);
  });
});

describe('documents', () => {
  it('docs/exit-codes.md is the error table', () => {
    const rows = [...read('docs/exit-codes.md').matchAll(/^\| (\d+) \| `(\w+)` \| (.*) \|$/gm)].map(
      ([, code, name, meaning]) => [name, Number(code), meaning],
    );
    expect(rows).toEqual(Object.entries(ERRORS).map(([name, { exitCode, meaning }]) => [name, exitCode, meaning]));
  });

  it('the README names only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [
      ...read('README.md').matchAll(/npm (?:run )?(demo|test|check|bench|build|lint|format|[a-z]+:[a-z]+)\b/g),
    ].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect(scripts, name).toHaveProperty(name);
  });

  it('links between documents lead somewhere', () => {
    for (const path of tracked.filter((name) => name.endsWith('.md'))) {
      for (const [, target] of read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)/g)) {
        expect(existsSync(join(root, path, '..', target!)), `${path} -> ${target}`).toBe(true);
      }
    }
  });
});

describe('repository', () => {
  it('names no package registry and no path of one machine', () => {
    for (const path of tracked.filter((name) => isText(name) && name !== 'test/repo/repository.test.ts')) {
      const text = read(path);
      expect(text, path).not.toMatch(/registry\.npmjs|files\.pythonhosted|pypi\.org\/simple|deb\.debian\.org/);
      expect(text, path).not.toMatch(/"resolved": *"https?:/);
      expect(text, path).not.toMatch(/(^|[^A-Za-z0-9_.~$])\/(work|root|home\/\w+)\//m);
    }
  });

  it('stays small: no file above 8 MB', () => {
    for (const path of tracked) expect(statSync(join(root, path)).size, path).toBeLessThan(8 * 1024 * 1024);
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
