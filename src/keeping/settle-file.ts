import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeptContent } from './kept-names.js';

const NEWLINE = 0x0a;
const PARQUET_END = 'PAR1';
const TAIL_BYTES = 64 * 1024;

/**
 * Makes a file that was being written whole, in its place: lines are cut after the last whole one. One that holds
 * nothing, or that nothing can read (Parquet without its end, a picture), is removed. Safe to do twice.
 *
 * @param place - its path once it is whole
 * @returns whether it is kept
 */
export async function settleFile(
  path: string,
  { content, place }: { readonly content: KeptContent; readonly place: string },
): Promise<boolean> {
  const file = await open(path, 'r+');
  let whole = 0;
  try {
    whole = await wholeBytes(file, content);
    if (whole > 0) {
      await file.truncate(whole);
      await file.sync();
    }
  } finally {
    await file.close();
  }
  if (whole === 0) {
    await rm(path, { force: true });
    return false;
  }
  await moveInto(path, place);
  return true;
}

/** Puts a file in its place; its folder is made, again where it was just removed because it was empty. */
export async function moveInto(path: string, place: string): Promise<void> {
  for (let tries = 2; ; tries--) {
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    try {
      return await rename(path, place);
    } catch (error) {
      if (tries === 1 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

/** How many bytes of a file are whole; 0: none that are worth keeping. */
async function wholeBytes(file: Handle, content: KeptContent): Promise<number> {
  const { size } = await file.stat();
  if (content.type === 'lines') return lastLineEnd(file, size);
  if (content.type !== 'table') return 0;
  if (content.format === 'parquet') return (await endsWith(file, size, PARQUET_END)) ? size : 0;
  const end = await lastLineEnd(file, size);
  const { buffer } = await file.read(Buffer.alloc(Math.min(size, TAIL_BYTES)), 0, null, 0);
  const headEnd = buffer.indexOf(NEWLINE) + 1;
  return end > headEnd ? end : 0;
}

async function lastLineEnd(file: Handle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= TAIL_BYTES) {
    const start = Math.max(0, end - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

async function endsWith(file: Handle, size: number, text: string): Promise<boolean> {
  if (size < 3 * text.length) return false;
  const { buffer } = await file.read(Buffer.alloc(text.length), 0, text.length, size - text.length);
  return buffer.toString('latin1') === text;
}
