import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { standingOf, thisHolder } from '../../../src/holding/holder.js';

const here = thisHolder();

describe('whether a process still runs', () => {
  it('knows it of itself', () => {
    expect(standingOf(here, here)).toBe('runs');
    expect(here.pid).toBe(process.pid);
    for (const value of [here.began, here.boot, here.space]) expect(value).not.toBe('0');
  });

  it('takes an id that another process got since for one that ended', () => {
    expect(standingOf({ ...here, began: String(Number(here.began) - 1) }, here)).toBe('ended');
  });

  it('knows that a killed process ended, also while its parent has not asked', async () => {
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(shell.stdout.setEncoding('utf8'), 'data')) as [string];
    const pid = Number(line);
    const ofChild = { ...here, pid, began: beganOf(pid) };
    expect(standingOf(ofChild, here)).toBe('runs');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => standingOf(ofChild, here)).toBe('ended'); // Its parent sleeps: it is a zombie.
    shell.kill('SIGKILL');
  });

  it.each([
    ['another machine', { host: 'elsewhere' }],
    ['another start of this machine, or of one of the same name', { boot: 'abc' }],
    ['another container of this machine', { space: '1' }],
  ])('cannot look at one of %s, whatever its id', (_, other) => {
    expect(standingOf({ ...here, ...other }, here)).toBe('unknown');
  });

  it('cannot tell one from another where the system does not say when they began', () => {
    expect(standingOf({ ...here, began: '0' }, here)).toBe('unknown');
    expect(standingOf({ ...here, began: '0', pid: 2 ** 30 }, here)).toBe('ended');
  });
});

const beganOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!;
