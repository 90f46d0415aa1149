// Results go to bench/results, which git ignores: JSON to compare, Markdown to read and to quote.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** What the numbers depend on, without anything that names the machine. */
export function machine() {
  const cores = cpus();
  return {
    processor: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

export function save(kind, result, markdown) {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const stem = join(folder, `${new Date().toISOString().slice(0, 19).replaceAll(':', '')}-${kind}`);
  writeFileSync(`${stem}.json`, `${JSON.stringify({ machine: machine(), ...result }, null, 2)}\n`);
  const { processor, cores, memoryGiB, node } = machine();
  writeFileSync(`${stem}.md`, `${markdown}\n\n${processor}, ${cores} cores, ${memoryGiB} GiB, Node ${node}.\n`);
  console.log(`\nsaved ${stem}.json and .md`);
}
