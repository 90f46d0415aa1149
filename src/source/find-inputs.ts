import { existsSync } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, normalize } from 'node:path';
import { glob } from 'tinyglobby';
import { AffectError } from '../domain/errors.js';
import { redactUrl } from './camera/redact.js';
import { unreadable } from './unreadable.js';

/** Names that a folder or a pattern is searched for. A file named explicitly may have any extension. */
export const VIDEO_EXTENSIONS: ReadonlySet<string> = new Set(
  '3gp asf avi divx dv f4v flv gif m2ts m2v m4v mj2 mkv mov mp4 mpeg mpg mts mxf nut ogm ogv rm ts vob webm wmv y4m'
    .split(' ')
    .map((extension) => `.${extension}`),
);

export interface FoundInputs {
  readonly paths: readonly string[];
  /** One for each argument that names no video: INPUT_NOT_FOUND or INPUT_NO_VIDEO. */
  readonly problems: readonly AffectError[];
}

/**
 * The video files that the arguments name, without duplicates: a file stands for itself; a folder for the videos
 * directly in it, or with `recursive` also in its subfolders; anything else is a glob pattern. What one folder or
 * pattern yields is sorted by name, without overlays that mien wrote; the order of the arguments is kept. A file that
 * exists wins over its reading as a pattern, so that names with brackets work. An argument that names nothing does not
 * stand in the way of the others.
 */
export async function findInputs(
  inputs: readonly string[],
  { recursive = false }: { readonly recursive?: boolean } = {},
): Promise<FoundInputs> {
  const found = new Set<string>();
  const problems: AffectError[] = [];
  for (const input of inputs) {
    try {
      for (const path of await expand(input, recursive)) found.add(normalize(path));
    } catch (error) {
      if (!(error instanceof AffectError)) throw error;
      problems.push(error);
    }
  }
  return { paths: [...found], problems };
}

async function expand(input: string, recursive: boolean): Promise<string[]> {
  if (input === '') throw new AffectError('INPUT_NOT_FOUND', 'an input is empty; name a video file');
  let missing: unknown;
  const facts = await stat(input).catch((error: unknown) => {
    missing = error;
    return null;
  });
  if (facts?.isDirectory()) {
    await readdir(input).catch(async (error: unknown) => {
      throw await unreadable(input, error);
    });
    const pattern = recursive ? '**' : '*';
    const files = await glob(pattern, { cwd: input, onlyFiles: true, dot: false, expandDirectories: false });
    const complaint = `has no video in it${recursive ? '' : ' (--recursive looks into its subfolders)'}`;
    return videosAmong(input, files, { under: input, complaint });
  }
  if (facts) return [input];
  // Not there: perhaps a pattern, unless a link by that name leads nowhere.
  const isName = await lstat(input).then(
    () => true,
    () => false,
  );
  const files = isName ? [] : await glob(input, { onlyFiles: true, dot: false, expandDirectories: false });
  if (files.length > 0) return videosAmong(input, files, { under: '', complaint: 'matches no video' });
  if (!isName && /^[a-z][a-z0-9+.-]*:\/\//i.test(input)) {
    const text = `${redactUrl(input)}: is an address, not a file; download it, or watch a camera with mien serve --camera`;
    throw new AffectError('INPUT_NOT_FOUND', text);
  }
  if (!isName && /[*?{[]/.test(input))
    throw new AffectError('INPUT_NOT_FOUND', `${input}: no such file, folder or match; check the path`);
  throw await unreadable(input, missing);
}

function videosAmong(
  input: string,
  files: readonly string[],
  { under, complaint }: { readonly under: string; readonly complaint: string },
): string[] {
  const videos = files
    .filter((file) => VIDEO_EXTENSIONS.has(extname(file).toLowerCase()))
    .map((file) => join(under, file))
    .filter((file) => !isOwnOverlay(file));
  if (videos.length === 0) throw new AffectError('INPUT_NO_VIDEO', `${input}: ${complaint}; name a video file`);
  return videos.sort((a, b) => (a < b ? -1 : 1));
}

/** An overlay lies beside the manifest of its run. */
function isOwnOverlay(path: string): boolean {
  const base = /^(.*)\.overlay\.mp4$/.exec(basename(path))?.[1];
  return base !== undefined && existsSync(join(dirname(path), `${base}.manifest.json`));
}
