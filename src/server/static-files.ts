import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { AffectError } from '../domain/errors.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;
/** Name with a content hash, as Vite writes it: index-B1x9cQ2_.js */
const HASHED = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

export interface StaticFile {
  readonly contentType: string;
  readonly body: Buffer;
  readonly etag: string;
  readonly cacheControl: string;
}

/**
 * Every file of a built page by its path, "/" for index.html. All is read at once, so that no request ever names a file
 * of the disk. Throws CONFIG_INVALID when the folder has no index.html or more than 32 MiB.
 */
export function loadStaticFiles(dir: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  let total = 0;
  let names: string[];
  try {
    names = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
  } catch (cause) {
    throw new AffectError('CONFIG_INVALID', `dashboard: cannot read the folder ${dir}: build it, or leave it out`, {
      cause,
    });
  }
  for (const name of names) {
    const contentType = TYPES[extname(name)];
    // Source maps and whatever else a build leaves behind.
    if (contentType === undefined) continue;
    total += statSync(join(dir, name)).size;
    if (total > MAX_TOTAL_BYTES) {
      throw new AffectError('CONFIG_INVALID', `dashboard: ${dir} has more than 32 MiB: is it the built dashboard?`);
    }
    const body = readFileSync(join(dir, name));
    const path = `/${name.split(sep).join('/')}`;
    const immutable = path.startsWith('/assets/') && HASHED.test(path);
    files.set(path === '/index.html' ? '/' : path, {
      contentType,
      body,
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      cacheControl: immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  }
  if (!files.has('/')) {
    throw new AffectError('CONFIG_INVALID', `dashboard: ${dir} has no index.html: build it, or leave it out`);
  }
  return files;
}
