import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { tempFolders } from '../support/temp-folder.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = tempFolders();

/** Files that the built `mien` loads for some arguments, relative to the repository: modules of both kinds. */
function filesLoaded(args: string): string[] {
  const list = join(folder(), 'list.mjs');
  const hooks = `export async function load(url, context, next) { process._rawDebug('loaded ' + url); return next(url, context); }`;
  writeFileSync(
    list,
    `import { createRequire, register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));
process.on('exit', () => {
  for (const path of Object.keys(createRequire(import.meta.url).cache)) process._rawDebug('loaded file://' + path);
});`,
  );
  const run = `"${process.execPath}" --import "${pathToFileURL(list)}" dist/main.js ${args} 2>&1 >/dev/null`;
  const said = execFileSync(run, { cwd: ROOT, encoding: 'utf8', shell: '/bin/sh' });
  const root = pathToFileURL(ROOT).href;
  return [...new Set([...said.matchAll(/^loaded (\S+)$/gm)].map(([, url]) => url!))]
    .filter((url) => url.startsWith(root))
    .map((url) => url.slice(root.length));
}

it.each([
  '--version',
  '--help',
  'analyze --help',
  'serve --help',
  'eval --help',
  'eval csv --help',
  'eval faba --help',
  'watch --help',
])('mien %s loads no engine, no server and no package but the one that reads options', (args) => {
  const files = filesLoaded(args);
  expect(files).toContain('dist/cli/cli.js');
  const packages = files.filter((path) => path.includes('node_modules/') && !path.includes('node_modules/commander/'));
  expect(packages).toEqual([]);
  expect(files.filter((path) => /^dist\/(analysis|app|inference|server|source|live|models)\//.test(path))).toEqual([]);
  expect(files.length).toBeLessThan(76);
});

it.each(['--help', 'analyze --help', 'help serve'])('mien %s loads nothing of evaluation', (args) => {
  expect(filesLoaded(args).filter((path) => /^dist\/(cli\/)?eval\//.test(path))).toEqual([]);
});

it('mien help eval loads the kinds, and nothing that measures', () => {
  const files = filesLoaded('help eval');
  expect(files).toContain('dist/cli/eval/eval-commands.js');
  expect(files.filter((path) => path.endsWith('-run.js'))).toEqual([]);
});

it('sees what a command loads', () => {
  expect(filesLoaded('models list').some((path) => path.includes('node_modules/zod/'))).toBe(true);
});
