import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process that holds something, as others can find out whether it still runs. */
export interface Holder {
  /** In letters that names of files may have. */
  readonly host: string;
  readonly pid: number;
  /** When it began, as the kernel counts; a process that got the same id later began later. 0: not known. */
  readonly began: string;
  /** The start of the kernel that it runs on; 0: not known. */
  readonly boot: string;
  /** What its id counts in: containers number their processes each on its own. 0: not known. */
  readonly space: string;
}

/** unknown: it runs where this process cannot look, on another machine or in another container. */
export type Standing = 'runs' | 'ended' | 'unknown';

const UNKNOWN = '0';
const MAX_HOST = 64;

/** This process. */
export function thisHolder(): Holder {
  return {
    host: hostname()
      .replaceAll(/[^\w.-]/g, '_')
      .slice(0, MAX_HOST),
    pid: process.pid,
    began: statOf(process.pid)?.began ?? UNKNOWN,
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').replaceAll(/[^0-9a-f]/g, '')),
    space: told(() => readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '')),
  };
}

/** Whether a process still runs, as far as it can be told from `here`. */
export function standingOf(holder: Holder, here: Holder): Standing {
  if (holder.host !== here.host || holder.boot !== here.boot || holder.space !== here.space) return 'unknown';
  if (!exists(holder.pid)) return 'ended';
  const stat = statOf(holder.pid);
  if (!stat || holder.began === UNKNOWN) return 'unknown';
  return stat.began === holder.began && !stat.isGone ? 'runs' : 'ended';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What Linux tells of a process; null where it tells nothing. A name may hold blanks and parentheses: its last one ends it. */
function statOf(pid: number): { readonly began: string; readonly isGone: boolean } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // Fields 3 and 22 of proc(5). What was killed stays as a zombie until its parent asks.
    return { began: fields[19] ?? UNKNOWN, isGone: /^[ZX]$/.test(fields[0] ?? '') };
  } catch {
    return null;
  }
}

function told(read: () => string): string {
  try {
    return read() || UNKNOWN;
  } catch {
    return UNKNOWN; // Not Linux, or not to be read.
  }
}
