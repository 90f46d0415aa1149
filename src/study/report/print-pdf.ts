import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AffectError, errorWords } from '../../domain/errors.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
/** Where programs are that are on no path. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
/** A page of forty interviews is printed in seconds. */
const LONGEST_MS = 120_000;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}

/** A browser that prints: what `CHROMIUM` names, else one on the path or where it is usually installed; null where there is none. */
export function findChromium(env: Readonly<Record<string, string | undefined>> = process.env): string | null {
  if (env.CHROMIUM) return isProgram(env.CHROMIUM) ? env.CHROMIUM : null;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...paths, ...PLACES].find(isProgram) ?? null;
}

/**
 * Prints a page of the disk to a PDF, by a Chromium without a window and with a profile of its own. Throws
 * OUTPUT_UNWRITABLE, which says what is missing where there is no Chromium.
 */
export async function printPdf(
  { page, pdf }: { readonly page: string; readonly pdf: string },
  { signal, env = process.env }: { readonly signal?: AbortSignal; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const chromium = findChromium(env);
  if (chromium === null) {
    const found = env.CHROMIUM ? `CHROMIUM names ${env.CHROMIUM}, which is no program` : 'no Chromium was found';
    throw new AffectError(
      'OUTPUT_UNWRITABLE',
      `cannot write ${pdf}: ${found}; install chromium, set CHROMIUM to its path, or print ${page} from a browser`,
    );
  }
  const profile = await mkdtemp(join(tmpdir(), 'mien-print-'));
  const args = ['--headless', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  // Chromium’s sandbox does not work for root; the page is mien’s own and loads nothing.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  args.push(`--user-data-dir=${profile}`, '--no-pdf-header-footer', `--print-to-pdf=${pdf}`, pathToFileURL(page).href);
  try {
    await new Promise<void>((resolve, reject) => {
      execFile(chromium, args, { timeout: LONGEST_MS, ...(signal && { signal }) }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    if (!existsSync(pdf)) throw new Error(`${chromium} wrote nothing`);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot write ${pdf}: ${errorWords(error)}`, { cause: error });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
