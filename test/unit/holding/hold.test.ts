import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AffectError } from '../../../src/domain/errors.js';
import { BEAT_MS, type HoldOptions, hold, SILENT_MS } from '../../../src/holding/hold.js';
import { thisHolder } from '../../../src/holding/holder.js';
import { lockName } from '../../../src/holding/lock-name.js';
import { fastClock } from '../../support/fast-clock.js';
import { ManualClock } from '../../support/manual-clock.js';
import { tempFolders } from '../../support/temp-folder.js';

const folders = tempFolders();
const ELSEWHERE = { ...thisHolder(), host: 'elsewhere', pid: 7 };

/** Time moves when told, and begins now: the beats of files are compared with it. */
class NowClock extends ManualClock {
  readonly #start = Date.now();
  override wallTimeMs(): number {
    return this.#start + super.wallTimeMs();
  }
}

function wanting(folder: string, more: Partial<HoldOptions> = {}) {
  const told: string[] = [];
  const options: HoldOptions = {
    folder,
    part: null,
    words: `keep.folder ${folder}`,
    otherwise: 'name another folder',
    clock: fastClock(1000),
    signal: new AbortController().signal,
    onWait: (line) => told.push(line),
    onLost: (error) => told.push(error.message),
    ...more,
  };
  return { told, held: hold(options) };
}

/** Puts the lock of a process elsewhere there, last heard of so long ago. */
function leftBy(folder: string, holder = ELSEWHERE, agoMs = 0): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, lockName(null, holder, 'aa'));
  writeFileSync(file, '');
  const at = (Date.now() - agoMs) / 1000;
  utimesSync(file, at, at);
  return file;
}

describe('a folder for one process alone', () => {
  it('is made, held once, and free again after its release', async () => {
    const folder = join(folders(), 'made/for/it');
    const first = await wanting(folder).held;
    await expect(wanting(folder).held).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      message: `keep.folder ${folder} is used by another mien (pid ${process.pid} on ${thisHolder().host}); stop that one, or name another folder`,
    });
    expect(readdirSync(folder)).toHaveLength(1);
    await first.release();
    await first.release();
    expect(readdirSync(folder)).toEqual([]);
    await (await wanting(folder).held).release();
  });

  it('is held in parts by several', async () => {
    const folder = folders();
    const held = [await wanting(folder, { part: 'a' }).held, await wanting(folder, { part: 'b' }).held];
    await expect(wanting(folder, { part: 'a' }).held).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    for (const each of held) await each.release();
  });

  it('is given to one of many that want it at once, or to none, and never to two', async () => {
    const folder = folders();
    const ends = await Promise.allSettled(Array.from({ length: 6 }, () => wanting(folder).held));
    const held = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    expect(held.length).toBeLessThanOrEqual(1);
    expect(readdirSync(folder)).toHaveLength(held.length);
  });

  it('is free when who held it ended without a word: its file is removed', async () => {
    const folder = folders();
    const left = leftBy(folder, { ...thisHolder(), began: '1' });
    const { held, told } = wanting(folder);
    await (await held).release();
    expect(existsSync(left)).toBe(false);
    expect(told).toEqual([]);
  });

  it('is free when who held it elsewhere says nothing for as long as it would have spoken thrice', async () => {
    const folder = folders();
    const left = leftBy(folder);
    const { held, told } = wanting(folder);
    await (await held).release();
    expect(existsSync(left)).toBe(false);
    expect(told).toEqual([`keep.folder ${folder}: looking for up to 15 s whether pid 7 on elsewhere still uses it`]);
  });

  it('is free at once when nothing was heard from elsewhere for long', async () => {
    const folder = folders();
    leftBy(folder, ELSEWHERE, 61_000);
    const { held, told } = wanting(folder, { clock: new NowClock() });
    await (await held).release();
    expect(told).toEqual([]);
  });

  it('is not free when who holds it elsewhere speaks', async () => {
    const folder = folders();
    const left = leftBy(folder, ELSEWHERE, 3_000);
    const { held } = wanting(folder, { onWait: () => utimesSync(left, new Date(), new Date()) });
    await expect(held).rejects.toThrow('pid 7 on elsewhere');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is not waited for any longer once told to stop', async () => {
    const folder = folders();
    leftBy(folder);
    const stop = new AbortController();
    const { held } = wanting(folder, {
      clock: new NowClock(),
      signal: stop.signal,
      onWait: () => stop.abort(new Error('stopped')),
    });
    await expect(held).rejects.toThrow('stopped');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('cannot be held where nothing can be written', async () => {
    const file = join(folders(), 'a-file');
    writeFileSync(file, '');
    await expect(wanting(file).held).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

describe('who holds a folder', () => {
  it('says so again and again, and puts its file there again when it was removed by hand', async () => {
    const folder = join(folders(), 'kept');
    const clock = new NowClock();
    const { held, told } = wanting(folder, { clock });
    const mine = await held;
    rmSync(folder, { recursive: true });
    await clock.advance(BEAT_MS);
    await expect.poll(() => existsSync(folder) && readdirSync(folder).length).toBe(1);
    await expect(wanting(folder).held).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    expect(told).toEqual([]);
    await mine.release();
  });

  it('hears that it was taken over while it was away for too long', async () => {
    const folder = folders();
    const clock = new NowClock();
    const lost: AffectError[] = [];
    const { held } = wanting(folder, { clock, onLost: (error) => lost.push(error) });
    const mine = await held;
    rmSync(join(folder, readdirSync(folder)[0]!)); // As one elsewhere does that took it for ended.
    leftBy(folder);
    await clock.advance(SILENT_MS);
    await expect.poll(() => lost).toHaveLength(1);
    expect(lost[0]).toMatchObject({ code: 'FOLDER_IN_USE', message: expect.stringContaining('pid 7 on elsewhere') });
    await mine.release();
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
