import { readdirSync, readFileSync } from 'node:fs';

/** Ids of this process's children, zombies included, as the Linux kernel tells them. */
export function childProcesses(): number[] {
  const threads = readdirSync('/proc/self/task');
  const lists = threads.map((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8'));
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}
