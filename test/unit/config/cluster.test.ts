import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { nodeName } from '../../../src/config/cluster-config.js';
import { diffConfig } from '../../../src/config/diff.js';
import { checkConfig, loadConfig } from '../../../src/config/load.js';
import { selfSigned } from '../../support/self-signed.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const PASSWORD = 'two words, ünd more';
const KEY = 'key-0123456789abcdef';
const env = { BUS_SECRET: PASSWORD, BUS_KEY: KEY };
const bus = { servers: ['nats://127.0.0.1'], key: { env: 'BUS_KEY' } };

function written(settings: object, place = folder()): string {
  const file = join(place, 'a.yaml');
  writeFileSync(file, stringify({ purpose: 'testing', ...settings }));
  return file;
}
const load = (cluster: object, more: object = {}) => loadConfig({ file: written({ cluster, ...more }), env });
const problems = async (settings: object): Promise<string[]> => {
  const checked = await checkConfig({ file: written(settings), env });
  return checked.problems.map(({ key, text }) => `${key}: ${text}`);
};

describe('cluster in a configuration', () => {
  it('is nothing without servers, whatever else is given', async () => {
    expect((await loadConfig({ env: { MIEN_PURPOSE: 'testing' } })).cluster).toBeNull();
    expect((await load({ roles: ['gateway'], site: 'here' })).cluster).toBeNull();
  });

  it('with one, everything else has a default', async () => {
    const { cluster } = await load({ ...bus, node: 'a' });
    expect({ ...cluster }).toEqual({
      servers: ['nats://127.0.0.1'],
      roles: ['ingest', 'words', 'gateway'],
      site: 'mien',
      node: 'a',
      username: null,
      leaseMs: 2_500,
    });
    expect(cluster!.secrets).toEqual({ secret: null, cameraKey: KEY, ca: null, cert: null, key: null });
    expect((await load(bus)).cluster!.node).toMatch(/^[a-z0-9][a-z0-9_-]{0,62}$/);
    expect((await load({ ...bus, roles: ['gateway', 'gateway'] })).cluster!.roles).toEqual(['gateway']);
  });

  it.each([
    ['camera-room-1', 'camera-room-1'],
    ['Büro.Example.ORG', 'b-ro-example-org'],
    ['--box', 'box'],
    ['ÄÖ', 'node'],
    ['x'.repeat(80), 'x'.repeat(63)],
  ])('a machine %s is called %s', (host, name) => {
    expect(nodeName(host)).toBe(name);
  });

  it('reads secrets and certificates, which nothing shows; paths start from the file', async () => {
    const place = folder();
    const { key, cert } = selfSigned();
    writeFileSync(join(place, 'key.pem'), key);
    writeFileSync(join(place, 'cert.pem'), cert);
    writeFileSync(join(place, 'secret'), `${PASSWORD}\n`);
    writeFileSync(join(place, 'camera.key'), `${KEY}\n`);
    const cluster = {
      servers: ['tls://127.0.0.1'],
      username: 'mien',
      secret: { file: 'secret' },
      key: { file: 'camera.key' },
      tls: { ca: 'cert.pem', cert: 'cert.pem', key: 'key.pem' },
    };
    const config = await loadConfig({ file: written({ cluster }, place), env: {} });
    expect(config.cluster!.secrets).toEqual({ secret: PASSWORD, cameraKey: KEY, ca: cert, cert, key });
    for (const shown of [
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      JSON.stringify({ ...config.cluster }),
    ]) {
      expect(shown).not.toContain(PASSWORD);
      expect(shown).not.toContain(KEY);
      expect(shown).not.toContain('PRIVATE KEY');
    }
  });

  it('comes from the environment, too', async () => {
    const { cluster } = await loadConfig({
      env: {
        ...env,
        MIEN_PURPOSE: 'testing',
        MIEN_CLUSTER__SERVERS: '[nats://10.0.0.5:4222, nats://10.0.0.6:4222]',
        MIEN_CLUSTER__ROLES: '[ingest]',
        MIEN_CLUSTER__NODE: 'room-1',
        MIEN_CLUSTER__LEASE: '5s',
        MIEN_CLUSTER__KEY__ENV: 'BUS_KEY',
        MIEN_CLUSTER__SECRET__ENV: 'BUS_SECRET',
      },
    });
    expect(cluster).toMatchObject({
      servers: ['nats://10.0.0.5:4222', 'nats://10.0.0.6:4222'],
      roles: ['ingest'],
      node: 'room-1',
      leaseMs: 5_000,
    });
    expect(cluster!.secrets).toMatchObject({ secret: PASSWORD, cameraKey: KEY });
  });

  it('every problem at once', async () => {
    const found = await problems({
      mllm: { enabled: false },
      cluster: {
        servers: ['nats://127.0.0.1', 'tls://127.0.0.1'],
        roles: ['words', 'gateway'],
        username: 'mien',
        tls: { cert: 'none.pem' },
      },
    });
    expect(found).toEqual([
      'cluster.tls: cert and key are needed together, and key is missing',
      'cluster.username: needs cluster.secret, its password',
      'cluster.key: is needed: addresses of cameras, with their passwords, go over the bus (openssl rand -hex 32)',
      'cluster.servers: expected either nats:// or tls:// in all addresses',
      'cluster.roles: words needs a language model: set mllm.enabled',
      expect.stringMatching(/^cluster\.tls\.cert: file \S+none\.pem cannot be read$/),
    ]);
  });

  it.each<[object, RegExp]>([
    [{ ...bus, secret: {} }, /^cluster\.secret: needs either env or file, and has neither$/],
    [{ ...bus, key: { env: 'A', file: 'b' } }, /^cluster\.key: needs either env or file, and has both$/],
    [{ ...bus, key: { env: 'NONE' } }, /^cluster\.key\.env: environment variable NONE is not set$/],
    [
      { ...bus, key: { env: 'BUS_SECRET' } },
      /^cluster\.key\.env: environment variable BUS_SECRET does not hold a token/,
    ],
    [{ ...bus, secret: { file: 'none' } }, /^cluster\.secret\.file: file \S+none cannot be read or is empty$/],
    [{ ...bus, servers: ['http://127.0.0.1'] }, /^cluster\.servers\[0\]: expected .*nats:\/\/ or tls:\/\//],
    [
      { ...bus, servers: ['nats://u:hidden@127.0.0.1'] },
      /^cluster\.servers\[0\]: expected .*without user and password/,
    ],
    [{ ...bus, servers: ['nats://127.0.0.1/path'] }, /^cluster\.servers\[0\]: expected/],
    [{ ...bus, tls: { ca: 'none.pem' } }, /^cluster\.tls: is for tls:\/\/, and cluster\.servers begin otherwise$/],
    [{ ...bus, site: 'a.b' }, /^cluster\.site: expected 1 to 63 of a-z/],
    [{ ...bus, node: 'A' }, /^cluster\.node: expected 1 to 63 of a-z/],
    [{ ...bus, roles: [] }, /^cluster\.roles: expected/],
    [{ ...bus, roles: ['all'] }, /^cluster\.roles\[0\]: expected an element of a list of ingest, words, gateway/],
    [{ ...bus, lease: '500ms' }, /^cluster\.lease: expected a duration from 1s to 1m/],
    [{ ...bus, leases: '3s' }, /^cluster\.leases: unknown key; did you mean "lease"\?/],
  ])('%j is told in words', async (cluster, expected) => {
    const found = await problems({ cluster });
    expect(found[0]).toMatch(expected);
    for (const line of found) expect(line).not.toContain('hidden');
    for (const line of found) expect(line).not.toContain(PASSWORD);
  });

  it('what changed takes effect with a restart; a secret, too', async () => {
    const cluster = { ...bus, node: 'a', secret: { env: 'BUS_SECRET' } };
    const from = await load(cluster);
    expect(diffConfig(from, await load({ ...cluster, site: 'there' })).restart).toEqual(['cluster.site']);
    const withEnv = (more: object) => loadConfig({ file: written({ cluster }), env: { ...env, ...more } });
    expect(diffConfig(from, await withEnv({ BUS_SECRET: 'another' })).restart).toEqual(['cluster.secret']);
    expect(diffConfig(from, await withEnv({ BUS_KEY: `${KEY}0` })).restart).toEqual(['cluster.key']);
    expect(diffConfig(from, await load(cluster)).restart).toEqual([]);
  });
});

describe('docs/cluster.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/cluster.md', import.meta.url)), 'utf8');

  it('its configuration is correct', async () => {
    const [, yaml] = /```yaml\n( {3}purpose[\s\S]*?)```/.exec(page)!;
    const file = join(folder(), 'a.yaml');
    const statement = 'purposeStatement: "safety: for the tests of this page"\n';
    writeFileSync(file, statement + yaml!.replaceAll(/^ {3}/gm, ''));
    const { cluster, cameras } = await loadConfig({
      file,
      env: {
        BUS_TOKEN: 'x',
        MIEN_CLUSTER_KEY: KEY,
        MIEN_TOKEN_WALL: 'wall-0123456789abcdef',
        DOOR_URL: 'rtsp://192.0.2.7/1',
        YARD_URL: 'rtsp://192.0.2.8/1',
      },
    });
    expect([cluster!.servers, cameras.map(({ id }) => id)]).toEqual([['nats://10.0.0.5:4222'], ['door', 'yard']]);
  });
});
