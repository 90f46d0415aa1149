import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const STOPPER = at('dist/cli/stop-on-signals.js');

/** A program that never does what it is told. */
async function stubborn(onAbort: string) {
  const source = `import { stopOnSignals } from ${JSON.stringify(`file://${STOPPER}`)};
    setInterval(() => {}, 1000);
    stopOnSignals().signal.addEventListener('abort', async () => { process.stdout.write('told'); ${onAbort} });
    process.stdout.write('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  await once(child.stdout, 'data');
  return { child, ended: once(child, 'close'), errors: () => errors };
}

describe('a process that does not stop', () => {
  it('ends with the code of the deadline', async () => {
    const { child, ended, errors } = await stubborn('');
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(18);
    expect(errors()).toMatch(/^mien: stopping took longer than 5 s.*\n$/);
  });

  it('is killed when its thread spins for ever', async () => {
    const { child, ended, errors } = await stubborn('for (;;) await null;');
    child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(errors()).toBe('mien: did not end by itself: killed\n');
  });

  it('ends at once when it is told again', async () => {
    const { child, ended, errors } = await stubborn('');
    child.kill('SIGINT');
    const impatient = setInterval(() => child.kill('SIGINT'), 50);
    const [code] = await ended;
    clearInterval(impatient);
    expect(code).toBe(130);
    expect(errors()).toBe('mien: told to stop again; stopped at once\n');
  });
});

describe('mien told to stop', () => {
  it('is out in time with the right code, whatever it is doing', { timeout: 300_000 }, async () => {
    const { code, table, errors } = await new Promise<{ code: unknown; table: string; errors: string }>((resolve) => {
      execFile(process.execPath, [at('bench/soak-shutdown.mjs'), '--rounds', '1'], (error, table, errors) =>
        resolve({ code: error?.code ?? 0, table, errors }),
      );
    });
    expect(code, table + errors).toBe(0);
    expect(table.trim().split('\n')).toHaveLength(2 + 9);
  });
});
