import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set();
const children = new Set();

// Long runs are often stopped by hand: nothing stays behind, neither gigabytes of results nor a process.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** A folder that is gone when this process ends. */
export function workFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'mien-bench-'));
  folders.add(folder);
  return folder;
}

/** Ends the child with this process. Returns it. */
export function owned(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}
