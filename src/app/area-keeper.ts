import { readFile, realpath, stat } from 'node:fs/promises';
import { withAreas } from '../config/areas-in-yaml.js';
import { type Areas, roundAreas } from '../domain/areas.js';
import type { LiveSystem } from '../live/live-system.js';
import { writeWhole } from '../notify/write-whole.js';

/** Masks and zones that are in force, and why they last only until mien stops; null: they are in the configuration file. */
export interface KeptAreas extends Areas {
  readonly unsaved: string | null;
}

/**
 * What puts masks and zones of a camera in force, from its next picture on, and into the configuration file, one change
 * after the other; null: there is no such file. Throws CAMERA_UNKNOWN.
 */
export function createAreaKeeper(
  file: string | null,
  cameras: Pick<LiveSystem, 'setAreas'>,
  onSaved: (id: string, areas: Areas) => void = () => undefined,
  whyNot: (id: string, areas: Areas) => string | null = () => null,
): (id: string, drawn: Areas) => Promise<KeptAreas> {
  let saving: Promise<unknown> = Promise.resolve();
  return async (id, drawn) => {
    const areas = roundAreas(drawn);
    cameras.setAreas(id, areas);
    const saved = saving.then(() =>
      file === null ? 'mien was started without --config' : (whyNot(id, areas) ?? save(file, id, areas)),
    );
    saving = saved;
    const unsaved = await saved;
    if (unsaved === null) onSaved(id, areas);
    return { ...areas, unsaved };
  };
}

/** @returns why it could not be saved, in words, or null */
async function save(file: string, id: string, areas: Areas): Promise<string | null> {
  try {
    const path = await realpath(file);
    const text = withAreas(await readFile(path, 'utf8'), id, areas);
    if (text === null) return 'this camera is not in the configuration file';
    const { mode } = await stat(path);
    await writeWhole(path, text, mode);
    return null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return `the configuration file cannot be written (${code})`;
  }
}
