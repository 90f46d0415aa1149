import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { filesBelow, timesIn } from '../support/keeping-world.js';
import { DEMO, runCli } from '../support/run-cli.js';
import { configOf, serveForTest } from '../support/serve-fixture.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const children: ChildProcess[] = [];
const servers: Awaited<ReturnType<typeof serveForTest>>[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.close();
});

const MASK = { name: 'corner', points: [[0.8, 0], [1, 0], [1, 0.2], [0.8, 0.2]] }; // biome-ignore format: a square
const desk = { id: 'desk', type: 'file', path: `${DEMO}step-smile.mp4`, loop: true, maxFps: 10, masks: [MASK] };

async function serving(...args: Parameters<typeof configOf>) {
  const server = await serveForTest(await configOf(...args));
  servers.push(server);
  const ask = async (path: string, method = 'GET') =>
    (await fetch(`${server.serving.url}/api/v1/kept${path}`, { method })).json() as Promise<Record<string, never>>;
  return { ...server, ask };
}
const whole = (place: string, ending: string): string[] =>
  filesBelow(place).filter((name) => !name.includes('.writing') && name.endsWith(ending));
const FACES = { id: 'faces', when: { type: 'faces', least: 1, for: '100ms' }, holdOff: '1h' };

describe('mien serve that keeps', () => {
  it('writes parts, pictures without a face in them, tells of all, and deletes it', async () => {
    const place = folder();
    const rules = [{ ...FACES, do: [{ type: 'snapshot' }, { type: 'record' }] }];
    const keep = {
      folder: place,
      formats: ['jsonl', 'csv', 'parquet'],
      partSize: '64KiB',
      minFree: '0B',
      pictures: { before: '1s', after: '2s' },
    };
    const { ask, metric, until } = await serving([desk], { keep, rules });
    const kept = (kind: string) => metric(`mien_kept_pictures_total{camera="desk",kind="${kind}",outcome="kept"}`);
    await expect.poll(() => kept('clip'), { timeout: 50_000 }).toBe(1);
    expect(await kept('snapshot')).toBe(1);
    await expect.poll(() => whole(place, '.parquet').length, { timeout: 30_000 }).toBeGreaterThan(1);
    expect(await metric('mien_keep_recording')).toBe(1);

    const range = `source=desk&from=0&to=${Date.now() + 60_000}`;
    const { pictures } = (await ask(`/pictures?${range}`)) as unknown as { pictures: { kind: string; name: string }[] };
    expect(pictures.map(({ kind }) => kind).sort()).toEqual(['clip', 'snapshot']);
    const pathOf = (kind: string) => join(place, 'desk', pictures.find((each) => each.kind === kind)!.name);
    // Where a mask lies, the picture is black.
    const { data, info } = await sharp(pathOf('snapshot')).raw().toBuffer({ resolveWithObject: true });
    const pixel = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
    expect(Math.max(...pixel(info.width - 8, 8))).toBeLessThan(12);
    expect(Math.max(...pixel(8, 8))).toBeGreaterThan(12);
    // The same camera, read again from what was kept: nobody is found.
    const out = join(place, 'read-again');
    const read = await runCli(['analyze', pathOf('clip'), '--out', out, '--formats', 'jsonl', '--quiet']);
    expect(read.code).toBe(0);
    const records = readdirSync(out, { recursive: true })
      .map(String)
      .find((name) => name.endsWith('.records.jsonl'))!;
    const tracks = readFileSync(join(out, records), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).track);
    expect(tracks.length).toBeGreaterThan(5);
    expect(tracks.filter((track) => track !== null)).toEqual([]);

    const { entries } = (await ask(`/history?${range}&kind=rules`)) as unknown as { entries: object[] };
    expect(entries[0]).toMatchObject({ rule: 'faces', phase: 'start' });
    expect((await ask('')).kept).toMatchObject({ state: { status: 'recording' }, cameras: [{ source: 'desk' }] });
    expect((await ask(`?${range}`, 'DELETE')).removed).toBeGreaterThan(5);
    expect(whole(place, '.mp4').filter((name) => name.startsWith('desk'))).toEqual([]);
    // Recording goes on.
    await until((message): message is never => message.type === 'faces');
    await expect
      .poll(() => whole(place, '.records.jsonl').some((name) => name.startsWith('desk')), { timeout: 30_000 })
      .toBe(true);
  });

  it('killed in the middle, loses no line that was on the disk; a full disk stops the recording alone', async () => {
    const place = folder();
    const kept = join(place, 'kept');
    const file = written(place, { cameras: [desk], keep: { folder: kept, minFree: '0B' } });
    const child = spawn(process.execPath, [MAIN, 'serve', '--config', file], { stdio: 'ignore' });
    children.push(child);
    const onDisk = (): string[] => {
      const writing = join(kept, 'desk/.writing');
      const name = existsSync(writing) && readdirSync(writing).find((each) => each.endsWith('.records.jsonl'));
      return name ? readFileSync(join(writing, name), 'utf8').split('\n').slice(0, -1) : [];
    };
    await expect.poll(() => onDisk().length, { timeout: 50_000 }).toBeGreaterThan(5);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const before = onDisk();
    child.kill('SIGKILL');
    await gone;
    expect(whole(kept, '.records.jsonl')).toEqual([]);

    const { ask, face, log, metric } = await serving([desk], { keep: { folder: kept, minFree: '1024GiB' } });
    const recovered = whole(kept, '.records.jsonl');
    expect(recovered).toHaveLength(1);
    const lines = readFileSync(join(kept, recovered[0]!), 'utf8').split('\n').slice(0, -1);
    expect(lines.slice(0, before.length)).toEqual(before);
    expect(timesIn(join(kept, recovered[0]!)).every(Number.isFinite)).toBe(true);
    expect(log.join('\n')).toMatch(/keep: mien ended while it wrote \d+ files: \d+ finished now/);
    // There is no disk with so much room: the analysis goes on, and nothing is written.
    await face('desk');
    expect(await ask('')).toMatchObject({ kept: { state: { status: 'stopped', reason: 'disk full' } } });
    expect(await metric('mien_keep_stopped{reason="disk full"}')).toBe(1);
    expect(await metric('mien_keep_recording')).toBe(0);
    expect(filesBelow(kept).filter((name) => name.includes('.writing'))).toEqual([]);
    expect(log.join('\n')).toContain('keep: recording stopped: disk full');
  });
});

/** A configuration file as an operator writes it. */
function written(place: string, more: object): string {
  const file = join(place, 'cameras.yaml');
  writeFileSync(file, JSON.stringify({ purpose: 'testing', server: { port: 0 }, ...more })); // JSON is YAML.
  return file;
}
