import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { PYMIEN, PYTHON } from '../support/python.js';

/**
 * Files alone; `npm run test:python` has the rest (a running mien, types, form). Not run where its packages are not
 * installed (scripts/test.mjs).
 */
it('pymien reads what mien writes', () => {
  const files = ['tables', 'results', 'messages'].map((name) => `tests/test_${name}.py`);
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-m', 'pytest', ...files], { cwd: PYMIEN, encoding: 'utf8' });
  expect(status, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toMatch(/\d+ passed/);
});
