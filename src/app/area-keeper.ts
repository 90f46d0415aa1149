import { withAreas } from '../config/areas-in-yaml.js';
import { NOT_THERE } from '../config/cameras-in-yaml.js';
import { type Areas, roundAreas } from '../domain/areas.js';
import type { LiveSystem } from '../live/live-system.js';
import type { ConfigFile } from './config-file.js';

/** Masks and zones that are in force, and why they last only until mien stops; null: they are in the configuration file. */
export interface KeptAreas extends Areas {
  readonly unsaved: string | null;
}

/**
 * What puts masks and zones of a camera in force, from its next picture on, and into the configuration file, one change
 * after the other. Throws CAMERA_UNKNOWN.
 */
export function createAreaKeeper(
  file: ConfigFile,
  cameras: Pick<LiveSystem, 'setAreas'>,
  onSaved: (id: string, areas: Areas) => void = () => undefined,
  whyNot: (id: string, areas: Areas) => string | null = () => null,
): (id: string, drawn: Areas) => Promise<KeptAreas> {
  return async (id, drawn) => {
    const areas = roundAreas(drawn);
    cameras.setAreas(id, areas);
    const unsaved = await file.edit((before) => {
      const problem = whyNot(id, areas);
      if (problem !== null) return { problem };
      const text = withAreas(before, id, areas);
      return text === null ? { problem: NOT_THERE } : { text };
    });
    if (unsaved === null) onSaved(id, areas);
    return { ...areas, unsaved };
  };
}
