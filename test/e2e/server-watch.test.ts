import { afterEach, describe, expect, it } from 'vitest';
import { type WatchOutput, watch } from '../../src/cli/watch-run.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';
import { episode } from '../support/record-builders.js';
import { runCli } from '../support/run-cli.js';

let server: FakeServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const DEFAULTS = { kinds: ['faces', 'episodes', 'states'], rate: 120, tokenEnv: 'MIEN_TOKEN', json: false } as const;

/** Gathers text; `when` resolves once it holds a word. */
function output(isTTY = false) {
  let text = '';
  const looks = new Set<() => void>();
  const out: WatchOutput = {
    isTTY,
    columns: 100,
    rows: 40,
    write: (more) => {
      text += more;
      for (const look of [...looks]) look();
    },
  };
  const when = (word: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (text.includes(word)) resolve();
      };
      looks.add(look);
      look();
    });
  return { out, when, text: () => text };
}

async function begin(options: Partial<Parameters<typeof watch>[1]>, isTTY = false) {
  server = await startFakeServer();
  const stopper = new AbortController();
  const [shown, errors] = [output(isTTY), output()];
  const io = { output: shown.out, errors: errors.out, signal: stopper.signal, token: undefined };
  const ended = watch(server.url, { ...DEFAULTS, ...options }, io);
  await server.telemetry.reached('messageSent subscribed');
  return { server, shown, errors, ended, stop: () => stopper.abort() };
}

describe('mien watch', () => {
  it('prints a line for each message', async () => {
    const { server: made, shown, ended, stop } = await begin({ source: ['door'] });
    made.system.tick();
    const hostile = episode({ source: 'door', label: 'a\u001b[2Jb' });
    made.system.emit({ type: 'episode', source: 'door', episode: hostile, wallTimeMs: 0 });
    await shown.when('end of a');
    stop();
    await ended;
    expect(shown.text()).toContain('door  0.00 s  face 1: ');
    expect(shown.text()).not.toContain('\u001b');
    expect(shown.text()).not.toContain('desk');
  });

  it('says at first why cameras do not run', async () => {
    const { shown, ended, stop } = await begin({});
    await shown.when('yard  waiting: ');
    stop();
    await ended;
    expect(shown.text()).toMatch(/^yard {2}waiting: \S+: connection refused$/m);
    expect(shown.text()).not.toContain('door  running');
  });

  it('leaves updates of episodes out of lines, and says that a camera is not there', async () => {
    const {
      server: made,
      shown,
      errors,
      ended,
      stop,
    } = await begin({ source: ['door', 'attic'], kinds: ['episodes'] });
    for (const phase of ['new', 'update', 'end'] as const) {
      made.system.emit({ type: 'episode', source: 'door', episode: episode({ source: 'door', phase }), wallTimeMs: 0 });
    }
    await shown.when('end of ');
    stop();
    await ended;
    expect(shown.text().match(/begin|update|end/g)).toEqual(['begin', 'end']);
    expect(errors.text()).toMatch(/^mien: no camera attic, waiting for it; there are door, [^\n]+\n$/);
  });

  it('prints JSON', async () => {
    const { server: made, shown, ended, stop } = await begin({ json: true, kinds: ['states'] }, true);
    made.system.setStatus('yard', 'failed');
    await shown.when('\n');
    stop();
    await ended;
    expect(JSON.parse(shown.text())).toMatchObject({ type: 'state', seq: 1, state: { id: 'yard', status: 'failed' } });
  });

  it('draws a table on a terminal, and leaves it as it was', async () => {
    const { server: made, shown, ended, stop } = await begin({}, true);
    made.system.tick();
    await shown.when('face 2');
    stop();
    await ended;
    expect(shown.text()).toContain('door  (Front door)  running');
    expect(shown.text()).toContain('yard  (Yard)  waiting');
    expect(shown.text().endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
  });

  it('says that there is no server', async () => {
    const { url, close } = await startFakeServer();
    await close();
    const io = { output: output().out, errors: output().out, signal: new AbortController().signal, token: undefined };
    await expect(watch(url, DEFAULTS, io)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      exitCode: 15,
      message: expect.stringMatching(/^no mien server at http:[^\n]+ECONNREFUSED[^\n]+mien serve[^\n]*$/),
    });
  });

  it('says that the token is wrong, without it', async () => {
    server = await startFakeServer({ tokens: [{ token: 'reader-0123456789abcdef', scopes: ['read'] }] });
    const token = 'wrong-0123456789abcdef';
    const io = { output: output().out, errors: output().out, signal: new AbortController().signal, token };
    await expect(watch(server.url, DEFAULTS, io)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringMatching(/the token is not known; put one of its tokens into MIEN_TOKEN$/),
    });
    await expect(watch('nowhere at all', DEFAULTS, io)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('as a program: Ctrl-C ends it with 0, no server with 15 and one line', async () => {
    const { server: made, ended, stop } = await begin({});
    let interrupt: (signal: NodeJS.Signals) => void = () => {};
    const run = runCli(['watch', made.url, '--kinds', 'episodes'], (kill) => {
      interrupt = kill;
    });
    await made.telemetry.reached('messageSent subscribed', 2);
    interrupt('SIGINT');
    expect(await run).toEqual({ code: 0, stdout: '', stderr: '' });
    stop();
    await ended;
    await made.close();
    const alone = await runCli(['watch', made.url]);
    expect(alone).toMatchObject({
      code: 15,
      stdout: '',
      stderr: expect.stringMatching(/^mien: no mien server[^\n]+\n$/),
    });
  });
});
