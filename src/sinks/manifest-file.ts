import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { actionUnit } from '../domain/action-units.js';
import { AffectError } from '../domain/errors.js';
import { cardOf } from '../domain/model-size.js';
import { type RunInfo, type RunSummary, SCHEMA_VERSION } from '../domain/records.js';
import type { FileDescription } from './file-sink.js';
import { unwritable } from './output-file.js';
import { writeWhole } from './write-whole.js';

/** What every export says of its use. */
export const STATEMENT =
  'Describes visible facial configuration, not inner state. Not for decisions in hiring, work, education, policing, ' +
  'credit, insurance, deception or diagnosis. Tell the people in the video that their faces are analysed.';

/** What holds for all files. */
const CONVENTIONS = {
  time:
    'presentation time since the start of the container, as players show it, microseconds or seconds as named; plus ' +
    'run.video.startOffsetSeconds it is the time stamp in the source’s own clock; frames are only counted',
  angles:
    'radians, relative to the line of sight from the camera to the face; yaw to the left of the image, pitch up, roll ' +
    'clockwise in the image are positive; the OpenFace file follows OpenFace instead',
  sides: 'left and right are the subject’s',
  pixels:
    'of the working frame (run.video.widthPx x heightPx) as it is shown: turned by run.video.rotationDegrees and turnedDegrees; origin at the top left',
  millimetres:
    'camera at the origin, x right, y down, z away; from the size of an average face and an assumed focal length',
  missing: 'empty or null, with a reason in the records file; never 0',
  valenceArousal:
    'derived, not measured: expectation of published circumplex coordinates over the emotion distribution; the ' +
    'coordinates and their source are in the manifest of the emotion model',
  stages: 'raw: calibrated model output; baselined: minus the person’s resting face; smoothed: filtered over time',
  persons:
    'tracks are counted from 1 within this run and never derived from the face; people.json says which are one person, by place, time and order of shots, or by a map',
} as const;

const NO_EMOTIONS =
  'not inferred: the run was asked for movements of the face only (mode au-only); no emotion, valence, arousal or ' +
  'expression is in any file';

/** What holds for action units, said only in runs that have any. */
const UNIT_CONVENTIONS = {
  presence: 'calibrated probability that the movement is there, 0..1; says nothing of its strength',
  intensity:
    'strength of the movement, 0 absent .. 5 maximum, continuous (FACS degrees A..E as 1..5); says nothing of how sure it is',
  active:
    'true while smoothed presence and smoothed intensity both hold the unit active (hysteresis); episodes follow it',
  baselined: 'relative to the person’s resting face: presence as log-odds, intensity as degrees; raw stays beside it',
  sides: 'a key with L or R is one side of the subject’s face; it has no episodes',
  episodes: 'peak and mean are smoothed intensity / 5; confidence is mean smoothed presence',
} as const;

/** Keys of the action units with their FACS names; only for a run that has any. */
function unitsOf({ actionUnits, models }: RunInfo): Record<string, unknown> {
  if (actionUnits.length === 0) return {};
  const units = actionUnits.map((key) => {
    const { code, name, side, region, muscles } = actionUnit(key);
    return { key, code, name, side, region, muscles };
  });
  const validity = `${cardOf(models)} decides which units are exported, and says how each was validated`;
  return { actionUnits: { definitions: { ...UNIT_CONVENTIONS, validity }, units } };
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const bytesOfFile = async (path: string): Promise<{ readonly bytes: number; readonly sha256: string }> => ({
  bytes: (await stat(path)).size,
  sha256: await sha256OfFile(path),
});

const jsonText = (manifest: unknown): string => `${JSON.stringify(manifest, null, 2)}\n`;

/**
 * Writes `<base>.manifest.json`: what was run on what, how it ended, and what each file beside it holds, with size and
 * SHA-256 of each as it is on disk. It appears whole or not at all. Rejects with OUTPUT_UNWRITABLE.
 */
export async function writeManifest(
  path: string,
  facts: { readonly run: RunInfo; readonly summary: RunSummary; readonly files: readonly FileDescription[] },
): Promise<void> {
  try {
    const files = [];
    for (const file of facts.files)
      files.push({ ...file, path: basename(file.path), ...(await bytesOfFile(file.path)) });
    const { run, summary } = facts;
    const manifest = {
      schemaVersion: SCHEMA_VERSION,
      statement: STATEMENT,
      run,
      summary,
      conventions: run.options.mode === 'au-only' ? { ...CONVENTIONS, emotions: NO_EMOTIONS } : CONVENTIONS,
      ...unitsOf(run),
      files,
    };
    await writeWhole(path, jsonText(manifest));
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** What is read of a manifest to write its files anew. */
export interface WrittenManifest {
  readonly run: Pick<RunInfo, 'actionUnits'>;
  readonly files: readonly { readonly path: string }[];
}

/** Reads the manifest of a finished run. Throws INPUT_NOT_FOUND where there is none, INPUT_DAMAGED for what is none. */
export async function readManifest(path: string): Promise<WrittenManifest> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = 'the run is not finished: continue it with mien analyze --resume';
    throw new AffectError('INPUT_NOT_FOUND', `${path} cannot be read; ${why}`, { cause: error });
  });
  try {
    const manifest = JSON.parse(text) as Partial<WrittenManifest>;
    if (Array.isArray(manifest.files) && Array.isArray(manifest.run?.actionUnits)) return manifest as WrittenManifest;
  } catch {
    // Told below, as what is JSON but no manifest.
  }
  throw new AffectError('INPUT_DAMAGED', `${path} is no manifest; analyse the video again with --overwrite`);
}

/** Writes a manifest anew with the sizes and hashes that its files have now. Rejects with OUTPUT_UNWRITABLE. */
export async function renewManifest(path: string, manifest: WrittenManifest): Promise<void> {
  try {
    const files = [];
    for (const file of manifest.files) files.push({ ...file, ...(await bytesOfFile(join(dirname(path), file.path))) });
    await writeWhole(path, jsonText({ ...manifest, files }));
  } catch (error) {
    throw unwritable(path, error);
  }
}
