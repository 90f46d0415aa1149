import { WebSocket } from 'ws';
import { CLOSE_CODES, connect, type MienClient } from '../client/index.js';
import { AffectError } from '../domain/errors.js';
import { DEFAULT_URL, type WatchOptions } from './watch-options.js';
import { WatchTable } from './watch-table.js';
import { clean, plainLine, stateWords } from './watch-text.js';

const REDRAW_MS = 200;

/** Where it writes to. */
export interface WatchOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Resolves when the server has said welcome, or the signal aborts. Throws SERVER_UNREACHABLE when the first attempt fails. */
function firstWelcome(
  client: MienClient,
  { url, tokenEnv, signal }: { readonly url: string; readonly tokenEnv: string; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    const stop = client.on('status', ({ status, reason, code }) => {
      if (status === 'connecting') return;
      stop();
      if (status === 'open') {
        resolve();
        return;
      }
      const why = clean(reason ?? '');
      const text =
        code === CLOSE_CODES.unauthorised
          ? `${url} requires a token: ${why}; put one of its tokens into ${tokenEnv}`
          : `no mien server at ${url}: ${why}; start one with mien serve, or give its address`;
      reject(new AffectError('SERVER_UNREACHABLE', text));
    });
  });
}

/**
 * Shows what a server tells until `signal` aborts: a table on a terminal, else a line for each message.
 *
 * Throws SERVER_UNREACHABLE when the first connection fails; later ones are tried again.
 */
export async function watch(
  url: string,
  options: WatchOptions,
  io: {
    readonly output: WatchOutput;
    readonly errors: WatchOutput;
    readonly signal: AbortSignal;
    readonly token: string | undefined;
  },
): Promise<void> {
  const { output, errors, signal, token } = io;
  const client = connectTo(url, token);
  const sources = options.source ? [...options.source] : null;
  const table = output.isTTY && !options.json ? new WatchTable(sources, options.kinds.includes('faces')) : null;
  let note = '';
  client.on('welcome', (message) => table?.welcome(message));
  const refused = new Promise<never>((_, reject) => {
    const fail = (why: string): void => reject(new AffectError('SERVER_UNREACHABLE', `${url}: ${clean(why)}`));
    client.on('error', ({ code, message }) => fail(`${code}: ${message}`));
    client.on('status', ({ status, reason, code }) => {
      if (status === 'closed' && code !== 1000) fail(reason ?? 'closed');
    });
  });
  // It is only looked at once the server has said welcome.
  refused.catch(() => {});
  try {
    await firstWelcome(client, { url, tokenEnv: options.tokenEnv, signal });
    if (signal.aborted) return;
    client.on('status', ({ status, reason, retryInMs }) => {
      note = status === 'open' ? '' : `${reason ?? ''}, again in ${((retryInMs ?? 0) / 1000).toFixed(1)} s`;
      if (status === 'waiting' && !table) errors.write(`mien: ${clean(note)}\n`);
    });
    const known = client.welcome?.sources.map(({ id }) => id) ?? [];
    const strange = sources?.filter((id) => !known.includes(id)) ?? [];
    if (strange.length > 0 && !table) {
      const there = known.length > 0 ? `there are ${known.join(', ')}` : 'there is none yet';
      errors.write(`mien: no camera ${clean(strange.join(', '))}, waiting for it; ${clean(there)}\n`);
    }
    if (!table && !options.json && options.kinds.includes('states')) {
      // What went wrong before we came: states are told only when they change.
      for (const state of client.welcome?.sources ?? []) {
        const shown = state.status !== 'running' && (sources === null || sources.includes(state.id));
        if (shown && state.lastEnd) output.write(`${clean(state.id)}  ${stateWords({ state })}\n`);
      }
    }
    const kinds = table ? [...new Set([...options.kinds, 'states', 'stats'] as const)] : [...options.kinds];
    client.subscribe({ kinds, sources: sources ?? '*', maxRateHz: options.rate }, (message) => {
      table?.accept(message);
      if (table) return;
      const line = options.json ? JSON.stringify(message) : plainLine(message);
      if (line !== null) output.write(`${line}\n`);
    });
    const ended = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const stop = table ? draw(table, output, () => note) : () => {};
    try {
      await Promise.race([ended, refused]);
    } finally {
      stop();
    }
  } finally {
    client.close();
  }
}

function connectTo(url: string, token: string | undefined): MienClient {
  try {
    return connect({ url, token, WebSocket, name: 'mien watch' });
  } catch {
    throw new AffectError('USAGE', `"${url}" is not a server address; write it like ${DEFAULT_URL}`);
  }
}

/** Redraws on the terminal's other screen; the function it returns goes back. */
function draw(table: WatchTable, output: WatchOutput, note: () => string): () => void {
  output.write('\u001b[?1049h\u001b[?25l');
  const show = (): void => {
    const lines = table.lines({ columns: output.columns ?? 80, rows: output.rows ?? 24 }, note());
    output.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\n')}\u001b[J`);
  };
  show();
  const timer = setInterval(show, REDRAW_MS);
  return () => {
    clearInterval(timer);
    output.write('\u001b[?25h\u001b[?1049l');
  };
}
