import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
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
const documents = tracked.filter((path) => path.endsWith('.md'));
const sources = tracked.filter((path) => /^(src|dashboards)\/.*\.ts$/.test(path));
const manifest = JSON.parse(read('package.json')) as {
  version: string;
  license: string;
  files: string[];
  scripts: Record<string, string>;
};

const withoutCode = (text: string): string => text.replace(/^( *)```.*?^\1```/gms, '');

/** The anchors that a page's headings get, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, title] of withoutCode(text).matchAll(/^#+ +(.*)$/gm)) {
    const words = title!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let number = 1; anchors.has(anchor); number++) anchor = `${slug}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}

it('anchors are those of headings, not of comments in code', () => {
  const page = '# `a b`: c, d\n\n```\n# no\n```\n\n## Twice\n\n## Twice\n';
  expect([...anchorsOf(page)]).toEqual(['a-b-c-d', 'twice', 'twice-1']);
});

describe('links', () => {
  it.each(documents)('of %s lead somewhere, anchors included', (path) => {
    const links = withoutCode(read(path)).matchAll(/\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/g);
    for (const [link, target, anchor] of links) {
      const to = target === '' ? path : posix.join(posix.dirname(path), target!);
      expect(existsSync(join(root, to)), `${path}: ${link}`).toBe(true);
      if (anchor !== undefined) expect([...anchorsOf(read(to))], `${path}: ${link}`).toContain(anchor);
    }
  });

  it('of messages in the product lead to pages of the package', () => {
    for (const path of sources) {
      for (const [page, file, anchor] of read(path).matchAll(/\b(docs\/[\w/-]+\.md)(?:#([\w-]+))?/g)) {
        expect(existsSync(join(root, file!)), `${path}: ${page}`).toBe(true);
        if (anchor !== undefined) expect([...anchorsOf(read(file!))], `${path}: ${page}`).toContain(anchor);
      }
    }
    expect(manifest.files).toContain('docs');
  });
});

/** Lines of prose that continue the line before: a paragraph or item that was wrapped. */
function wrappedLines(text: string): string[] {
  const lines = text.replace(/^( *)```.*?^\1```/gms, '').split('\n');
  const begins = /^\s*(?:[-*+] |\d+[.)] |#{1,6} |\||>|<|---\s*$|\[[^\]]+\]: |$)/;
  const closed = /^\s*(?:#{1,6} |\||<|---\s*$|$)/;
  return lines.filter((line, index) => index > 0 && !begins.test(line) && !closed.test(lines[index - 1]!));
}

describe('prose', () => {
  it('a line that continues another is found, code and tables are let be', () => {
    const page = '# A\nB\nc\n\n- d\n  e\n- f\n\n```\ng\nh\n```\n| i |\n| j |\n';
    expect(wrappedLines(page)).toEqual(['c', '  e']);
  });

  it.each(documents)('of %s is not wrapped: a paragraph or an item is one line', (path) => {
    expect(wrappedLines(read(path))).toEqual([]);
  });
});

describe('docs', () => {
  it('README.md lists every page', () => {
    const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
    const listed = [...read('docs/README.md').matchAll(/^\| \[([\w-]+\.md)\]/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(pages.sort());
  });

  it('exit-codes.md is the error table', () => {
    const rows = [...read('docs/exit-codes.md').matchAll(/^\| (\d+) \| `(\w+)` \| (.*) \|$/gm)].map(
      ([, code, name, meaning]) => [name, Number(code), meaning],
    );
    expect(rows).toEqual(Object.entries(ERRORS).map(([name, { exitCode, meaning }]) => [name, exitCode, meaning]));
  });

  it('architecture.md says of every folder of src what it holds', () => {
    const folders = readdirSync(join(root, 'src')).filter((name) => statSync(join(root, 'src', name)).isDirectory());
    const listed = [...read('docs/architecture.md').matchAll(/^\| `src\/(\w+)` \|/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(folders.sort());
  });

  it('troubleshooting.md quotes what mien says', () => {
    const said = sources.map(read).join('\n').replaceAll("\\'", "'");
    const rows = read('docs/troubleshooting.md').matchAll(/^\| (?!---)(.*?) \|(?: ?([^|]*) \|)?/gm);
    const quoted = [...rows].flatMap((row) => [
      ...row
        .slice(1, 3)
        .join(' ')
        .matchAll(/`([^`]+)`/g),
    ]);
    expect(quoted.length).toBeGreaterThan(30);
    for (const [, quote] of quoted) {
      for (const part of quote!.split('…').map((text) => text.trim()))
        if (part.length > 4 && !part.startsWith('--')) expect(said.includes(part), quote).toBe(true);
    }
  });
});

describe('pages for who comes new', () => {
  it('name only scripts that exist', () => {
    for (const path of documents.filter((name) => !name.includes('/') || name.startsWith('docs/'))) {
      for (const [, run, test] of read(path).matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(test)\b)/g)) {
        expect(manifest.scripts, path).toHaveProperty([run ?? test!]);
      }
    }
  });

  it('CONTRIBUTING.md names files that exist', () => {
    const paths = [...read('CONTRIBUTING.md').matchAll(/`((?:src|test|docs|dashboards)\/[\w./-]+)`/g)];
    expect(paths.length).toBeGreaterThan(20);
    for (const [, path] of paths) {
      if (!path!.includes('NAME')) expect(existsSync(join(root, path!)), path).toBe(true);
    }
  });

  it('CITATION.cff cites this version', () => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(read('CITATION.cff'))?.[1];
    expect(field('cff-version')).toBe('1.2.0');
    expect(field('version')).toBe(manifest.version);
    expect(field('license')).toBe(manifest.license);
  });

  it('examples are short, and each is explained', () => {
    const kept = tracked.filter(
      (name) => name.startsWith('examples/') && !/README\.md$|package(-lock)?\.json$/.test(name),
    );
    const files = kept.map((name) => name.replace('examples/', ''));
    const listed = [...read('examples/README.md').matchAll(/^\| \[([\w./]+)\]/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(files.sort());
    // A notebook is kept as JSON. What makes all numbers of a study again is as long as they are many.
    for (const name of files.filter((file) => !/\.ipynb$|recompute\.py$/.test(file)))
      expect(read(`examples/${name}`).split('\n').length, name).toBeLessThanOrEqual(41);
  });
});
