import { stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { glob } from 'tinyglobby';
import { AffectError } from '../domain/errors.js';
import { redactUrl } from './live/redact.js';

/** Names that a folder or a pattern is searched for. A file named explicitly may have any extension. */
export const VIDEO_EXTENSIONS: ReadonlySet<string> = new Set(
  '3gp asf avi divx dv f4v flv gif m2ts m2v m4v mj2 mkv mov mp4 mpeg mpg mts mxf nut ogm ogv rm ts vob webm wmv y4m'
    .split(' ')
    .map((extension) => `.${extension}`),
);

/**
 * The video files that the arguments name, without duplicates: a file stands for itself; a folder for the videos
 * directly in it (subfolders: use a pattern such as `folder/**`); anything else is a glob pattern. What one folder or
 * pattern yields is sorted by name; the order of the arguments is kept. A file that exists wins over its reading as a
 * pattern, so that names with brackets work.
 * Errors: INPUT_NOT_FOUND when an argument matches nothing, INPUT_NO_VIDEO when it matches only other files.
 */
export async function findInputs(inputs: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const input of inputs) for (const path of await expand(input)) found.add(normalize(path));
  return [...found];
}

async function expand(input: string): Promise<string[]> {
  const facts = await stat(input).catch(() => null); // Not there: perhaps a pattern.
  if (facts?.isDirectory()) {
    const files = await glob('*', { cwd: input, onlyFiles: true, dot: false, expandDirectories: false });
    return videosAmong(input, files, 'has no video in it').map((file) => join(input, file));
  }
  if (facts) return [input];
  const files = await glob(input, { onlyFiles: true, dot: false, expandDirectories: false });
  if (files.length === 0 && /^[a-z][a-z0-9+.-]*:\/\//i.test(input)) {
    const text = `${redactUrl(input)}: is an address, not a file; download it, or watch a camera with mien serve --camera`;
    throw new AffectError('INPUT_NOT_FOUND', text);
  }
  if (files.length === 0) {
    throw new AffectError('INPUT_NOT_FOUND', `${input}: no such file, folder or match; check the path`);
  }
  return videosAmong(input, files, 'matches no video');
}

function videosAmong(input: string, files: readonly string[], complaint: string): string[] {
  const videos = files.filter((file) => VIDEO_EXTENSIONS.has(extname(file).toLowerCase()));
  if (videos.length === 0) throw new AffectError('INPUT_NO_VIDEO', `${input}: ${complaint}; name a video file`);
  return videos.sort((a, b) => (a < b ? -1 : 1));
}
