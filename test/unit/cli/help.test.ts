import { afterEach, describe, expect, it, vi } from 'vitest';
import { runInProcess } from '../../support/run-in-process.js';

afterEach(() => vi.restoreAllMocks());

const COMMANDS = [
  '',
  'analyze',
  'serve',
  'watch',
  'config check',
  'config print',
  'config schema',
  'models list',
  'models verify',
];

async function helpOf(command: string): Promise<{ options: string; examples: readonly string[] }> {
  const { code, out } = await runInProcess(...command.split(' ').filter(Boolean), '--help');
  expect(code).toBe(0);
  const [options, examples] = out.split('\nExamples:\n');
  return { options: options!.replaceAll(/\s+/g, ' '), examples: (examples ?? '').trim().split('\n') };
}

describe.each(COMMANDS)('mien %s --help', (command) => {
  it('tells defaults and choices in words', async () => {
    const { options } = await helpOf(command);
    expect(options).not.toMatch(/\((default|choices): [^)]*(false|true|undefined|null|[["])/);
  });

  it('has examples, with what each does, of options that there are', async () => {
    const { examples } = await helpOf(command);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(example).toMatch(new RegExp(`^ *mien ${command}.* {2}# .+`));
      const called = command === '' ? /mien (\w+)/.exec(example)![1]! : command;
      const { options } = await helpOf(called);
      for (const [flag] of example.matchAll(/--[a-z-]+/g)) expect(options).toContain(` ${flag} `);
    }
  });
});

it('names a default where an option of a run has none of its own', async () => {
  const { options } = await helpOf('analyze');
  expect(options).toMatch(/--fps <rate> [^-]*\(default: every frame\)/);
  expect(options).toMatch(/--mode <mode> .*?\(one of full, au-only; default: full\)/);
  const serve = await helpOf('serve');
  expect(serve.options).toMatch(/--port <number> .*?\(default: as configured, else 7420\)/);
  expect((await helpOf('watch')).options).toMatch(/\(default: faces,episodes,insights,rules,states\)/);
});
