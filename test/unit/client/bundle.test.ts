import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, it } from 'vitest';

it('mien-faces/client bundles for browsers, without zod and without Node', async () => {
  const entry = fileURLToPath(new URL('../../../src/client/index.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { lib: { entry, formats: ['es'] }, minify: true, write: false },
  });
  const chunks = (Array.isArray(built) ? built : [built]).flatMap((made) => ('output' in made ? made.output : []));
  const modules = chunks.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
  expect(modules.some((path) => path.endsWith('src/client/mien-client.ts'))).toBe(true);
  for (const path of modules) expect(path).toMatch(/\/src\/(client|protocol|domain)\/[a-z-]+\.ts$/);
  const code = chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('');
  expect(code).not.toMatch(/from\s*["']|require\(/);
  expect(code.length).toBeLessThan(20_000);
});
