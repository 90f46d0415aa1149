import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tempFolders } from '../../support/temp-folder.js';

interface Step {
  readonly name: string;
  readonly settings: unknown;
  readonly makes?: string;
  readonly run: () => Promise<string>;
}
interface Steps {
  runSteps(steps: readonly Step[], out: string): Promise<boolean>;
  readonly StepFailed: new (message: string) => Error;
}
const path = new URL('../../../scripts/train-tiny/steps.mjs', import.meta.url).href;
const { runSteps, StepFailed } = (await import(path)) as Steps;

const folder = tempFolders();
let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Steps that note their runs. */
function world(...names: string[]) {
  const ran: string[] = [];
  const step = (name: string, settings: unknown = null): Step => ({
    name,
    settings,
    run: async () => {
      ran.push(name);
      return `${name} measured`;
    },
  });
  return { ran, step, steps: names.map((name) => step(name)) };
}

describe('steps of the tiny run', () => {
  it('are told in a line each, and done once', async () => {
    const { ran, steps } = world('a', 'b');
    const out = folder();
    expect(await runSteps(steps, out)).toBe(true);
    expect(await runSteps(steps, out)).toBe(true);
    expect(ran).toEqual(['a', 'b']);
    expect(lines[0]).toMatch(/^ 1\/2 a +0\.0 s {2}a measured$/);
    expect(lines[3]).toMatch(/b measured \(done before\)$/);
  });

  it('run again from the one whose settings changed, and what it had made is gone', async () => {
    const { ran, step } = world();
    const out = folder();
    await runSteps([step('a'), { ...step('b', 1), makes: 'made' }, step('c')], out);
    mkdirSync(join(out, 'made'));
    writeFileSync(join(out, 'made', 'old'), '');
    await runSteps([step('a'), { ...step('b', 2), makes: 'made' }, step('c')], out);
    expect(ran).toEqual(['a', 'b', 'c', 'b', 'c']);
    expect(existsSync(join(out, 'made'))).toBe(false);
  });

  it('stop at the first that fails, keep what it began, and go on from there', async () => {
    const { ran, step } = world();
    const out = folder();
    const fails: Step = { ...step('b'), makes: 'made', run: () => Promise.reject(new StepFailed('no GPU')) };
    expect(await runSteps([step('a'), fails, step('c')], out)).toBe(false);
    expect(lines.at(-1)).toMatch(/failed: no GPU$/);
    mkdirSync(join(out, 'made')); // checkpoints, from which the step itself goes on
    expect(await runSteps([step('a'), { ...step('b'), makes: 'made' }, step('c')], out)).toBe(true);
    expect(ran).toEqual(['a', 'b', 'c']);
    expect(existsSync(join(out, 'made'))).toBe(true);
  });
});
