import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/**
 * Copies the lines of a file that are to stay.
 *
 * @returns lines that were copied and left out, a head of `headLines` not counted
 */
export async function copyLines(
  from: string,
  to: string,
  rules: { readonly headLines: number; readonly stays: (line: string) => boolean },
): Promise<{ readonly stayed: number; readonly gone: number }> {
  const { headLines } = rules;
  const target = await open(to, 'w', 0o600);
  const input = createReadStream(from, 'utf8');
  let [index, stayed, gone] = [0, 0, 0];
  let pending: string[] = [];
  const write = async (): Promise<void> => {
    await target.appendFile(pending.join(''));
    pending = [];
  };
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const isHead = index++ < headLines;
      const stays = isHead || rules.stays(line);
      if (stays) pending.push(`${line}\n`);
      if (!isHead) stays ? stayed++ : gone++;
      if (pending.length >= 1_000) await write();
    }
    await write();
    await target.sync();
  } finally {
    input.destroy();
    await target.close();
  }
  return { stayed, gone };
}
