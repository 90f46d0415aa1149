import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { holdResults } from '../../src/recording/hold-results.js';
import { filesBelow } from '../support/keeping-world.js';
import { DEMO, runCli } from '../support/run-cli.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A real mien; its port is its own, so that nothing but its folders is in the way of another. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOOK: 'a-secret-of-the-test-0123456789' },
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid!,
    said: () => said,
    serves: () => expect.poll(() => said, { timeout: 50_000 }).toContain('mien serves'),
    kill: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}

/** A configuration file as an operator writes it. */
function written(place: string, more: object): string {
  const desk = { id: 'desk', type: 'file', path: `${DEMO}step-smile.mp4`, loop: true, maxFps: 5 };
  const file = join(place, `${Object.keys(more).join('-')}.yaml`);
  writeFileSync(file, JSON.stringify({ purpose: 'testing', server: { port: 0 }, cameras: [desk], ...more })); // JSON is YAML.
  return file;
}

describe('a folder that another mien has', () => {
  it('is left alone by a second start, and is there for the next one after kill -9', async () => {
    const place = folder();
    const kept = join(place, 'kept');
    const target = { id: 'alerts', url: 'http://127.0.0.1:9/', env: 'HOOK' };
    const webhooks = { folder: join(place, 'outbox'), targets: [target] };
    const config = written(place, { keep: { folder: kept, minFree: '0B' }, webhooks });
    const first = start('serve', '--config', config);
    await first.serves();
    const writing = () => filesBelow(kept).filter((name) => name.includes('.writing'));
    await expect.poll(() => writing().length, { timeout: 30_000 }).toBe(5);
    const before = [...filesBelow(kept), ...filesBelow(webhooks.folder)];

    const second = start('serve', '--config', config);
    expect(await second.ended).toBe(19);
    expect(second.said()).toMatch(
      new RegExp(
        `^\\S*\\s*mien: keep\\.folder ${kept} is used by another mien \\(pid ${first.pid} on \\S+\\); stop that one, or name another folder\\n$`,
      ),
    );
    expect([...filesBelow(kept), ...filesBelow(webhooks.folder)]).toEqual(before);
    // A folder of messages alone is held as well.
    const third = start('serve', '--config', written(place, { webhooks }));
    expect(await third.ended).toBe(19);
    expect(third.said()).toContain(`webhooks.folder ${webhooks.folder} is used by another mien (pid ${first.pid} on`);
    expect(first.said()).not.toContain('warn');

    await first.kill('SIGKILL');
    const next = start('serve', '--config', config);
    await next.serves();
    expect(next.said()).toMatch(/keep: mien ended while it wrote \d+ files/);
    expect(await next.kill('SIGTERM')).toBe(0);
    for (const each of [kept, webhooks.folder])
      expect(readdirSync(each).filter((name) => name.startsWith('.mien-lock'))).toEqual([]);
  });

  it('is shared by analyses of different videos, and not by two of one', async () => {
    const out = join(folder(), 'out');
    const run = (clip: string, ...how: readonly string[]) =>
      runCli(['analyze', `${DEMO}${clip}.mp4`, '--out', out, '--formats', 'jsonl', '--end', '1', '--quiet', ...how]);
    const held = await holdResults({ dir: join(out, 'step-smile'), name: 'step-smile' }, new AbortController().signal);
    const second = await run('step-smile', '--overwrite');
    expect(second.code).toBe(19);
    expect(second.stderr).toContain(`is used by another mien (pid ${process.pid} on`);
    expect((await run('talking-face')).code).toBe(0);
    await held.release();
    expect((await run('step-smile')).code).toBe(0);
    expect(filesBelow(out).filter((name) => name.includes('.mien-lock'))).toEqual([]);
  });
});
