// What the memory of a Linux process consists of, from /proc; megabytes are 10^6 bytes.
import { readFileSync } from 'node:fs';

const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)$/;
/** Beyond its first, the allocator of glibc (malloc) lives in arenas that are reserved in aligned pieces of this size. */
const ARENA_BYTES = 2n ** 26n;

function mappings(text) {
  const found = [];
  for (const line of text.split('\n')) {
    const head = MAPPING.exec(line);
    if (head) {
      const [, from, to, rights, name] = head;
      found.push({ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`), rights, name, rss: 0, pss: 0 });
      continue;
    }
    const [, field, kib] = /^(Rss|Pss): +(\d+) kB/.exec(line) ?? [];
    if (field) found.at(-1)[field.toLowerCase()] = (Number(kib) * 1024) / 1e6;
  }
  return found;
}

/** An arena's piece: memory in use from an aligned address on, then the rest of the piece, reserved. */
const beginsArena = ({ from, to, rights, name }, next) =>
  name === '' &&
  from % ARENA_BYTES === 0n &&
  rights.startsWith('rw-p') &&
  (to - from === ARENA_BYTES ||
    (next?.from === to && next.rights.startsWith('---p') && next.to === from + ARENA_BYTES));

const kindOf = (mapping, next) => {
  if (mapping.name === '[heap]') return 'heap';
  if (mapping.name.startsWith('[stack')) return 'other';
  if (mapping.name !== '') return 'files';
  return beginsArena(mapping, next) ? 'arenas' : 'anonymous';
};

/**
 * `rss` and `pss` of all; resident of `heap` (the first arena of malloc), `arenas` (the others; `arenaCount`), other `anonymous` memory
 * (V8, large blocks of malloc, shared buffers), `files` (programs, libraries); `threads`.
 */
export function processMemory(pid) {
  const all = mappings(readFileSync(`/proc/${pid}/smaps`, 'utf8'));
  const sums = { rss: 0, pss: 0, heap: 0, arenas: 0, arenaCount: 0, anonymous: 0, files: 0, other: 0 };
  for (const [index, mapping] of all.entries()) {
    const kind = kindOf(mapping, all[index + 1]);
    sums.rss += mapping.rss;
    sums.pss += mapping.pss;
    sums[kind] += mapping.rss;
    if (kind === 'arenas') sums.arenaCount++;
  }
  const threads = Number(/^Threads:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  return { ...sums, threads };
}
