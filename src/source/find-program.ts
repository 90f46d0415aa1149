import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AffectError } from '../domain/errors.js';

const SUFFIXES = process.platform === 'win32' ? ['.exe', ''] : [''];

/** Path of ffmpeg or ffprobe: from FFMPEG_PATH or FFPROBE_PATH, else on PATH. Throws FFMPEG_MISSING. */
export function findProgram(name: 'ffmpeg' | 'ffprobe', env: NodeJS.ProcessEnv = process.env): string {
  const variable = `${name.toUpperCase()}_PATH`;
  const chosen = env[variable];
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = chosen ? [chosen] : folders.flatMap((folder) => SUFFIXES.map((end) => join(folder, name + end)));
  const found = candidates.find(isExecutable);
  if (found) return found;
  const where = chosen ? `${variable}=${chosen} cannot be run` : `${name} is not on PATH`;
  throw new AffectError('FFMPEG_MISSING', `${where}; install ffmpeg 5 or newer, or set ${variable}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // Not there, or not ours to run: the next candidate decides.
  }
}
