import { unwatchFile, watchFile } from 'node:fs';
import { type Serving, startServe } from '../app/serve.js';
import { loadConfig } from '../config/load.js';
import type { Override } from '../config/named-values.js';
import type { ServeConfig } from '../config/serve-config.js';
import { AffectError } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import { startRuntime } from '../pipeline/model-runtime.js';
import { camerasOf, exposedLogins } from './camera-argument.js';
import { errorText, failureOf } from './describe-error.js';
import type { ServeFlags } from './serve-flags.js';
import { type Stopper, whileStoppable } from './stop-on-signals.js';
import { withLog } from './with-log.js';

/** How often the configuration file is looked at for changes. */
const WATCH_MS = 2_000;

function overridesOf(flags: ServeFlags): Override[] {
  const named = (['purpose', 'mode'] as const).map((key) => ({ key, value: flags[key], origin: `--${key}` }));
  const listen = (['host', 'port'] as const).map((key) => ({
    key: `server.${key}`,
    value: flags[key],
    origin: `--${key}`,
  }));
  const models = (['model', 'device', 'precision'] as const).map((key) => ({
    key: `analysis.${key}`,
    value: flags[key],
    origin: `--${key}`,
  }));
  return [...named, ...models, ...listen].filter(({ value }) => value !== undefined).concat(flags.set as never[]);
}

async function load(flags: ServeFlags): Promise<ServeConfig> {
  const config = await loadConfig({
    env: process.env,
    overrides: overridesOf(flags),
    ...(flags.config === undefined ? {} : { file: flags.config }),
    ...(flags.preset === undefined ? {} : { preset: flags.preset }),
  });
  const taken = config.cameras.map(({ id }) => id);
  const extra = camerasOf(flags.camera, { taken, defaults: config.cameraDefaults, env: process.env });
  return { ...config, cameras: [...config.cameras, ...extra] };
}

/** Watches cameras until Ctrl-C, or until it can no longer work. Resolves to the exit code. */
export function serve(flags: ServeFlags): Promise<number> {
  return withLog(flags, (logger) => serveLogged(flags, logger));
}

async function serveLogged(flags: ServeFlags, logger: Logger): Promise<number> {
  for (const line of exposedLogins(flags.camera)) logger.warn(line);
  const config = await load(flags);
  return whileStoppable(
    async (stopper) => {
      try {
        const serving = await startServe(config, logger, startRuntime, stopper.signal, flags.config ?? null);
        tellServing(serving.url, config, flags);
        return await serveUntilStopped(serving, { flags, stopper, logger });
      } catch (error) {
        if (stopper.signal.aborted && error instanceof AffectError) return 0;
        throw error;
      }
    },
    { say: logger.error },
  );
}

function tellServing(url: string, { purpose, cameras }: ServeConfig, { json, quiet }: ServeFlags): void {
  const said = { type: 'serving', url, purpose, cameras: cameras.map(({ id }) => id) };
  if (json) process.stdout.write(`${JSON.stringify(said)}\n`);
  else if (!quiet) process.stdout.write(`mien serves ${url} (purpose: ${purpose}); Ctrl-C stops\n`);
}

/** Reads the configuration again when it changes, until it is told to stop or can no longer work. */
async function serveUntilStopped(
  serving: Serving,
  { flags, stopper, logger }: { readonly flags: ServeFlags; readonly stopper: Stopper; readonly logger: Logger },
): Promise<number> {
  const { signal } = stopper;
  let reloading: Promise<void> = Promise.resolve();
  const reload = (): void => {
    reloading = reloading.then(async () => {
      if (signal.aborted) return;
      try {
        const restart = await serving.reload(await load(flags));
        if (signal.aborted) return;
        logger.info('configuration read again');
        if (restart.length > 0) logger.warn(`these take effect when mien is started again: ${restart.join(', ')}`);
      } catch (error) {
        logger.warn(`configuration kept as it was: ${errorText(error)}`);
      }
    });
  };
  if (process.platform !== 'win32') process.on('SIGHUP', reload);
  if (flags.config !== undefined && flags.watch) watchFile(flags.config, { interval: WATCH_MS }, reload);
  try {
    const why = await Promise.race([aborted(signal), serving.failed]);
    if (why === 'stopped') return 0;
    logger.error(errorText(why), failureOf(why));
    return why.exitCode;
  } finally {
    if (flags.config !== undefined) unwatchFile(flags.config);
    process.off('SIGHUP', reload);
    stopper.stop(); // what ended by itself has no longer to close than what was told to
    await serving.close();
    await reloading; // cut short by close()
  }
}

function aborted(signal: AbortSignal): Promise<'stopped'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('stopped');
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
}
