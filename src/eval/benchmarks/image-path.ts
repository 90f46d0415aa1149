import { posix } from 'node:path';

/**
 * The path of an image inside its folder, as a list names it: "/FERPlus/test/x.png" and "a\\x.png" are taken as relative.
 * Null when it leaves the folder or is none: such a list could otherwise have any file of this machine sent to an engine.
 */
export function safeImagePath(name: string): string | null {
  if (name.length > 1024 || name.includes('\0')) return null;
  const path = posix.normalize(name.replaceAll('\\', '/').replace(/^([a-z]:)?\/+/i, ''));
  return path === '.' || path === '..' || path.startsWith('../') || path.endsWith('/') ? null : path;
}
