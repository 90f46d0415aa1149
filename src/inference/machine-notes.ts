import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What was measured on this machine, kept between runs. A note that cannot be kept or read is measured again. */
export interface MachineNotes {
  read(key: string): unknown;
  write(key: string, value: unknown): void;
}

/** Most keys of a file: who goes to and fro between models, or between machines with one home, measures each once. */
const KEPT = 8;

type Note = { readonly key?: unknown; readonly value?: unknown } | null;

/** A file per kind of note in a folder; the latest keys are kept. */
export function machineNotes(name: string, folder: string = cacheFolder()): MachineNotes {
  const path = join(folder, `${name}.json`);
  const notes = (): readonly Note[] => {
    try {
      const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  };
  return {
    read: (key) => notes().find((note) => note?.key === key)?.value,
    write(key, value) {
      const others = notes().filter((note) => note?.key !== key);
      const part = `${path}.${process.pid}.part`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(part, `${JSON.stringify([{ key, value }, ...others].slice(0, KEPT))}\n`);
        renameSync(part, path);
      } catch {
        // A home that cannot be written to, as in containers: the next start measures again.
      }
    },
  };
}

/** Where programs of this system keep what they can make again. */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'mien');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'mien');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'mien');
}
