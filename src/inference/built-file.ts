import { fileURLToPath } from 'node:url';

/** A compiled file, by its path from this folder; under a test runner that loads sources, the build's. */
export function builtFile(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url.replace(/\/src\/inference\//, '/dist/inference/')));
}
