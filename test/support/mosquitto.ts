import type { ChildProcess } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProgram, freePort, startProgram } from './server-process.js';

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
    const onStart = (child: ChildProcess): void => {
      this.#child = child;
    };
    await startProgram(MOSQUITTO, ['-c', this.#configured()], { ready: /mosquitto version \S+ running/, onStart });
  }

  /** Kills it, with all it kept. Idempotent. */
  async down(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await endProgram(child, 'SIGKILL');
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
