import { type ChildProcess, spawn } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';

/** As `npm test` found or installed it; a test file that needs it is not run without (scripts/test.mjs). */
const MOSQUITTO = process.env.MOSQUITTO ?? 'mosquitto';

export interface MosquittoOptions {
  /** Of this broker alone. */
  readonly folder: string;
  /** Who may connect; nobody named: everybody. */
  readonly login?: { readonly user: string; readonly password: string };
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A real broker on a loopback port of its own, which keeps nothing on disk and can be killed and started again. */
export class Mosquitto {
  readonly #options: MosquittoOptions;
  #port = 0;
  #child: ChildProcess | undefined;

  constructor(options: MosquittoOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  /** Resolves when it accepts connections. Rejects with what it said when it does not start. */
  async up(): Promise<void> {
    this.#port ||= await freePort();
    const child = spawn(MOSQUITTO, ['-c', this.#configured()], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (text: string): void => {
        said += text;
        if (/mosquitto version \S+ running/.test(said)) resolve();
      };
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`mosquitto ended with ${code}: ${said}`)));
    });
  }

  /** Kills it, with all it kept. Idempotent. */
  async down(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  #configured(): string {
    const { folder, login, tls } = this.#options;
    const put = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const lines = [`listener ${this.#port} 127.0.0.1`, 'persistence false', 'log_dest stderr'];
    // As root it would become a user who cannot read the folder.
    if (process.getuid?.() === 0) lines.push('user root');
    if (login) {
      const file = put('passwords', `${login.user}:${hashed(login.password)}\n`);
      lines.push('allow_anonymous false', `password_file ${file}`);
    } else lines.push('allow_anonymous true');
    if (tls) lines.push(`keyfile ${put('key.pem', tls.key)}`, `certfile ${put('cert.pem', tls.cert)}`);
    return put('mosquitto.conf', `${lines.join('\n')}\n`);
  }
}

/** As mosquitto_passwd writes it. */
function hashed(password: string): string {
  const salt = randomBytes(12);
  return `$7$101$${salt.toString('base64')}$${pbkdf2Sync(password, salt, 101, 64, 'sha512').toString('base64')}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
