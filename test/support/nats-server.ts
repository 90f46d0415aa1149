import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProgram, freePort, startProgram } from './server-process.js';

/** As `npm test` found or installed it; a test file that needs it is not run without (scripts/test.mjs). */
const NATS_SERVER = process.env.NATS_SERVER ?? 'nats-server';

export interface NatsServerOptions {
  /** Of this server alone: its configuration, and what JetStream stores. */
  readonly folder: string;
  /** Who may connect; nobody named: everybody. */
  readonly login?: { readonly token: string } | { readonly user: string; readonly password: string };
  /** Longest message, bytes. Default: its own, 1 MiB. */
  readonly maxPayload?: number;
}

/** A real server with JetStream on a loopback port of its own, which can be stopped or killed and started again. */
export class NatsServer {
  readonly #options: NatsServerOptions;
  #port = 0;
  #child: ChildProcess | undefined;

  constructor(options: NatsServerOptions) {
    this.#options = options;
  }

  /** The same after every start. */
  get port(): number {
    return this.#port;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Resolves when it accepts connections. Rejects with what it said when it does not start. */
  async up(): Promise<void> {
    this.#port ||= await freePort();
    const onStart = (child: ChildProcess): void => {
      this.#child = child;
    };
    await startProgram(NATS_SERVER, ['-c', this.#configured()], { ready: /Server is ready/, onStart });
  }

  /** Asks it to end, as an operator does; what it stored stays. Idempotent. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends it in the middle of everything; what it had stored stays. Idempotent. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Holds it, as a machine that hangs: connections stay open and nothing is answered. */
  hold(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** Lets it go on after `hold`. */
  release(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Everything that lies on its disk, as text. */
  stored(): string {
    const entries = readdirSync(join(this.#options.folder, 'store'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await endProgram(child, signal);
  }

  #configured(): string {
    const { folder, login, maxPayload } = this.#options;
    const text = (value: string): string => JSON.stringify(value);
    const lines = [`listen: ${text(this.address)}`, `jetstream { store_dir: ${text(join(folder, 'store'))} }`];
    if (login) {
      const who =
        'token' in login
          ? `token: ${text(login.token)}`
          : `user: ${text(login.user)}, password: ${text(login.password)}`;
      lines.push(`authorization { ${who} }`);
    }
    if (maxPayload !== undefined) lines.push(`max_payload: ${maxPayload}`);
    const path = join(folder, 'nats-server.conf');
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
    return path;
  }
}
