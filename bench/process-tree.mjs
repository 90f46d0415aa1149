import { execFileSync } from 'node:child_process';

function listed() {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' });
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid, parent, kib]) => ({ pid, parent, rssBytes: kib * 1024 }));
}

/** Resident bytes of a process and of all that it started, now. */
export function treeRss(rootPid) {
  const processes = listed();
  const family = new Set([rootPid]);
  // A child may be listed before its parent: go on until nobody joins.
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  const members = processes.filter(({ pid }) => family.has(pid));
  const own = members.find(({ pid }) => pid === rootPid)?.rssBytes ?? 0;
  return { own, tree: members.reduce((total, { rssBytes }) => total + rssBytes, 0) };
}
