import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port of this machine that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Most of what a program says that is kept to look in. */
const HEARD = 10_000;

/** Starts a server; resolves when it says `ready`. Rejects with what it said when it ends before. */
export async function startProgram(
  program: string,
  args: readonly string[],
  {
    ready,
    onStart,
  }: {
    readonly ready: RegExp /** At once: it may have to be ended before it is ready. */;
    readonly onStart: (child: ChildProcess) => void;
  },
): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onStart(child);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (text: string): void => {
      if (said.length < HEARD) said += text;
      if (ready.test(said)) resolve();
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
  });
}

/** Ends a program, and waits until it has; one that has ended, or was never started, is none. */
export async function endProgram(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
