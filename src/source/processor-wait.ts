import { readdirSync, readFileSync } from 'node:fs';

/**
 * How long the thread of a process that waited longest was ready to run and had no processor, milliseconds since it began;
 * null where the system does not tell (only Linux does) or the process is gone.
 */
export function processorWaitMs(pid: number, proc = '/proc'): number | null {
  try {
    const threads = `${proc}/${pid}/task`;
    // Nanoseconds on a processor, nanoseconds ready without one, times it had one.
    const waits = readdirSync(threads).map((id) =>
      Number(readFileSync(`${threads}/${id}/schedstat`, 'utf8').split(' ')[1]),
    );
    const longest = Math.max(...waits) / 1e6;
    return Number.isFinite(longest) ? longest : null;
  } catch {
    return null;
  }
}
