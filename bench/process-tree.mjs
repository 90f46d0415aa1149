import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

function listed() {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' });
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid, parent, kib]) => ({ pid, parent, rssBytes: kib * 1024 }));
}

function familyOf(rootPid, processes) {
  const family = new Set([rootPid]);
  // A child may be listed before its parent: go on until nobody joins.
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  return processes.filter(({ pid }) => family.has(pid));
}

/** Resident bytes of a process and of all that it started, now. */
export function treeRss(rootPid) {
  const members = familyOf(rootPid, listed());
  const own = members.find(({ pid }) => pid === rootPid)?.rssBytes ?? 0;
  return { own, tree: members.reduce((total, { rssBytes }) => total + rssBytes, 0) };
}

/** Linux counts processor time in hundredths of a second, whatever its clock. */
const TICKS_A_SECOND = 100;

/** Processor seconds of a process and of all that it started and that still run; NaN where there is no /proc. */
export function treeCpuSeconds(rootPid) {
  const ticks = ({ pid }) => {
    try {
      // After the name, which may hold anything: user and system time are the 12th and 13th field.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return pid === rootPid ? Number.NaN : 0; // it has ended
    }
  };
  return familyOf(rootPid, listed()).reduce((sum, each) => sum + ticks(each), 0) / TICKS_A_SECOND;
}
