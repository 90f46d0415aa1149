import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { KeptSummary } from '../../src/domain/keeping.js';
import { instantText, localDay } from '../../src/keeping/kept-names.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';
import { episodeAt, filesBelow, frameAt, keepingWorld, MINUTE_MS, NOON_MS, ruleAt } from '../support/keeping-world.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
const READ = 'reader-0123456789abcdef';
const ADMIN = 'admin-00123456789abcdef';
const YARD = 'yard-000123456789abcdef';

interface Body {
  readonly entries: readonly object[];
  readonly next: string | null;
  readonly pictures: readonly object[];
  readonly kept: KeptSummary;
}

/** A server that keeps, and how it is asked. */
async function keptServer() {
  const place = folder();
  const world = await keepingWorld(place);
  const tokens = [
    { token: READ, scopes: ['read'] },
    { token: ADMIN, scopes: ['read', 'admin'] },
    { token: YARD, scopes: ['read', 'admin'], cameras: ['yard'] },
  ] as const;
  const server: FakeServer = await startFakeServer({ kept: world.keeping, tokens });
  closers.push(
    () => server.close(),
    () => world.keeping.close(),
  );
  const ask = async (path: string, options: { readonly method?: string; readonly token?: string } = {}) => {
    const { method = 'GET', token = READ } = options;
    const response = await fetch(`${server.url}/api/v1/kept${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    const type = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      type,
      body: (type === 'application/json' ? await response.json() : await response.text()) as Body,
    };
  };
  return { place, ask, ...world };
}
const range = (from: number, to: number): string => `source=door&from=${from}&to=${to}`;
const day = range(NOON_MS - MINUTE_MS, NOON_MS + 60 * MINUTE_MS);

describe('REST: what is kept', () => {
  it('is told, page by page, and counted by day', async () => {
    const { keeping, ask } = await keptServer();
    for (let index = 0; index < 5; index++) keeping.take(frameAt(NOON_MS + index * 1_000));
    keeping.take(episodeAt(NOON_MS));
    keeping.take(ruleAt(NOON_MS));
    const first = await ask(`/history?${day}&kind=readings&limit=3`);
    expect(first.body.entries).toHaveLength(3);
    const second = await ask(`/history?${day}&kind=readings&limit=3&cursor=${first.body.next}`);
    expect(second.body).toMatchObject({ entries: [{ label: 'happiness' }, {}], next: null });
    expect((await ask(`/history?${day}&kind=rules`)).body.entries).toMatchObject([{ rule: 'smiles', phase: 'start' }]);
    expect((await ask('')).body.kept).toMatchObject({
      state: { status: 'recording' },
      days: 7,
      cameras: [{ source: 'door', days: [{ day: localDay(NOON_MS), snapshots: 0, clips: 0 }] }],
    });
  });

  it('is deleted by who may, and by nobody else', async () => {
    const { keeping, ask, place } = await keptServer();
    keeping.take(frameAt(NOON_MS));
    expect((await ask(`/history?${day}&kind=readings`)).body.entries).toHaveLength(1);
    expect(await ask(`?${day}`, { method: 'DELETE' })).toMatchObject({
      status: 403,
      body: { error: { code: 'FORBIDDEN' } },
    });
    expect(filesBelow(place)).not.toEqual([]);
    expect(await ask(`?${day}`, { method: 'DELETE', token: ADMIN })).toMatchObject({
      status: 200,
      body: { removed: 2, rewritten: 0 },
    });
    expect(filesBelow(place)).toEqual([]);
    for (const query of ['', '?source=door', `?source=../door&from=0&to=1`]) {
      expect(await ask(query, { method: 'DELETE', token: ADMIN }), query).toMatchObject({ status: 400 });
    }
  });

  it('is not there of cameras that a token is not for', async () => {
    const { keeping, ask, place } = await keptServer();
    for (const source of ['door', 'yard']) keeping.take(frameAt(NOON_MS, source));
    await keeping.history({ source: 'yard', kind: 'readings', fromMs: 0, toMs: 1, limit: 1, cursor: null });
    const yard = { token: YARD };
    const { kept } = (await ask('', yard)).body;
    expect(kept.cameras.map(({ source }) => source)).toEqual(['yard']);
    expect(kept.files).toBe(kept.cameras[0]!.files);
    for (const path of [
      `/history?${day}&kind=readings`,
      `/pictures?${day}`,
      `/snapshot?source=door&name=${localDay(NOON_MS)}/x.jpg`,
      `?${day}`,
    ]) {
      const method = path.startsWith('?') ? 'DELETE' : 'GET';
      expect(await ask(path, { ...yard, method }), path).toMatchObject({
        status: 404,
        body: { error: { code: 'CAMERA_UNKNOWN' } },
      });
    }
    expect(filesBelow(place).some((name) => name.startsWith('door/'))).toBe(true);
  });

  it('has pictures that are asked for by their names, and no other file', async () => {
    const { ask, place } = await keptServer();
    const name = `${localDay(NOON_MS)}/${instantText(NOON_MS)}-smiles`;
    mkdirSync(dirname(join(place, 'door', name)), { recursive: true });
    writeFileSync(join(place, 'door', `${name}.jpg`), 'picture');
    writeFileSync(join(place, 'door', `${name}.mp4`), 'film');
    writeFileSync(join(place, 'secret.txt'), 'SECRET');
    expect((await ask(`/pictures?${day}`)).body.pictures).toMatchObject([
      { kind: 'snapshot', name: `${name}.jpg`, rule: 'smiles', atMs: NOON_MS, bytes: 7 },
      { kind: 'clip', name: `${name}.mp4` },
    ]);
    const of = (kind: string, file: string) => ask(`/${kind}?source=door&name=${encodeURIComponent(file)}`);
    expect(await of('snapshot', `${name}.jpg`)).toEqual({ status: 200, type: 'image/jpeg', body: 'picture' });
    expect(await of('clip', `${name}.mp4`)).toEqual({ status: 200, type: 'video/mp4', body: 'film' });
    expect(await of('clip', `${name}.jpg`)).toMatchObject({ status: 404 });
    for (const file of ['../secret.txt', `${localDay(NOON_MS)}/..`, '2026-01-15/../../secret.txt', 'secret.txt']) {
      expect([400, 404], file).toContain((await of('snapshot', file)).status);
    }
  });

  it('is nothing where nothing is kept', async () => {
    const server = await startFakeServer();
    closers.push(() => server.close());
    const get = async (path: string) => (await fetch(`${server.url}/api/v1/kept${path}`)).json();
    expect(await get('')).toEqual({ kept: null });
    expect(await get(`/history?${day}&kind=rules`)).toMatchObject({
      error: { code: 'NOT_FOUND', message: expect.stringContaining('keep.folder') },
    });
  });
});
