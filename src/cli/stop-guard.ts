/**
 * Entry of a process of its own that ends mien when mien cannot: its thread may spin, and `process.exit` waits for
 * system calls and models that hang. Mien holds the other end of standard input, so that this ends with it; a word on
 * it shortens the wait. Argument: when to kill, in milliseconds since 1970, so that its own start costs nothing.
 */
import { writeSync } from 'node:fs';

/** For `process.exit` to succeed after all. */
const GRACE_MS = 500;

const mien = process.ppid;
const kill = (): void => {
  writeSync(2, 'mien: did not end by itself: killed\n');
  process.kill(mien, 'SIGKILL');
  process.exit();
};
setTimeout(kill, Number(process.argv[2]) - Date.now());
process.stdin.on('data', () => setTimeout(kill, GRACE_MS));
process.stdin.on('end', () => process.exit());
process.stdin.on('error', () => process.exit());
