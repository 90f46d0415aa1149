import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { diffConfig } from '../../../src/config/diff.js';
import { checkConfig, loadConfig } from '../../../src/config/load.js';
import { topicsOf } from '../../../src/notify/mqtt/topics.js';
import { selfSigned } from '../../support/self-signed.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const PASSWORD = 'two words, ünd more';
const env = { MQTT_PASSWORD: PASSWORD };
const broker = { url: 'mqtt://127.0.0.1' };

function written(settings: object, place = folder()): string {
  const file = join(place, 'a.yaml');
  writeFileSync(file, stringify({ purpose: 'testing', ...settings }));
  return file;
}
const load = (mqtt: object, more: object = {}) => loadConfig({ file: written({ mqtt, ...more }), env });
const problems = async (settings: object): Promise<string[]> => {
  const checked = await checkConfig({ file: written(settings), env });
  return checked.problems.map(({ key, text }) => `${key}: ${text}`);
};
const rule = (action: object) => ({
  id: 'a',
  when: { type: 'faces', least: 1 },
  do: [{ type: 'mqtt', ...action }],
});

describe('mqtt in a configuration', () => {
  it('is nothing without an address; with one, everything has a default', async () => {
    expect((await loadConfig({ env: { MIEN_PURPOSE: 'testing' } })).mqtt).toBeNull();
    expect((await load(broker)).mqtt).toEqual({
      url: 'mqtt://127.0.0.1',
      username: null,
      clientId: 'mien',
      prefix: 'mien',
      qos: 1,
      retain: true,
      publish: ['faces', 'expression', 'state', 'episodes', 'rules'],
      intervalMs: 1_000,
      maxWaiting: 1_000,
      discoveryPrefix: 'homeassistant',
    });
    expect((await load({ ...broker, prefix: 'house/mien' })).mqtt!.clientId).toBe('house-mien');
    expect((await load({ ...broker, homeAssistant: { discovery: false } })).mqtt!.discoveryPrefix).toBeNull();
    expect((await load(broker, { mode: 'au-only' })).mqtt!.publish).not.toContain('expression');
  });

  it('reads the password and the certificates, which nothing shows; paths start from the file', async () => {
    const place = folder();
    const { key, cert } = selfSigned();
    writeFileSync(join(place, 'key.pem'), key);
    writeFileSync(join(place, 'cert.pem'), cert);
    writeFileSync(join(place, 'password'), `${PASSWORD}\n`);
    const tls = { ca: 'cert.pem', cert: 'cert.pem', key: 'key.pem' };
    const mqtt = { url: 'mqtts://127.0.0.1', username: 'mien', password: { file: 'password' }, tls };
    const config = await loadConfig({ file: written({ mqtt }, place), env: {} });
    expect(config.mqtt!.secrets).toEqual({ password: PASSWORD, ca: cert, cert, key });
    for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 }), JSON.stringify({ ...config.mqtt })]) {
      expect(shown).not.toContain(PASSWORD);
      expect(shown).not.toContain('PRIVATE KEY');
    }
  });

  it('the notice says that results leave the machine', async () => {
    expect((await load(broker)).notice.text).toContain('sent to other programs');
    expect((await load({})).notice.text).not.toContain('sent to other programs');
  });

  it('every problem at once', async () => {
    const found = await problems({
      mode: 'au-only',
      rules: [rule({ topic: 'homeassistant/mien/status' }), { ...rule({ topic: 'homeassistant/x' }), id: 'b' }],
      webhooks: { folder: 'a', targets: [{ id: 'mqtt', url: 'http://127.0.0.1/', env: 'HOOK' }] },
      mqtt: {
        ...broker,
        prefix: 'homeassistant/mien',
        password: {},
        tls: { cert: 'none.pem', ca: 'none.pem' },
        publish: ['faces', 'expression'],
      },
    });
    expect(found).toEqual([
      'mqtt.password: needs either env or file, and has neither',
      'mqtt.password: brokers take a password only with mqtt.username',
      'mqtt.tls: cert and key are needed together, and key is missing',
      'mqtt.tls: is for mqtts:// and wss://, and mqtt.url begins otherwise',
      'mqtt.prefix: "homeassistant/mien" and mqtt.homeAssistant.prefix "homeassistant" are within each other; choose others',
      'mqtt.publish: mode au-only infers no emotion, so no expression can be published',
      'webhooks.targets[0].id: "mqtt" is the name of the broker in metrics; choose another',
      'rules[0].do[0].topic: "homeassistant/mien/status" is below homeassistant/mien/, where mien\'s own topics are; choose another',
      'rules[1].do[0].topic: "homeassistant/x" is below homeassistant/, where mien\'s own topics are; choose another',
      'webhooks.targets[0].env: environment variable HOOK is not set',
      expect.stringMatching(/^mqtt\.tls\.ca: file \S+none\.pem cannot be read$/),
      expect.stringMatching(/^mqtt\.tls\.cert: file \S+none\.pem cannot be read$/),
    ]);
  });

  it('an action needs a broker', async () => {
    expect(await problems({ rules: [rule({})] })).toEqual([
      'rules[0].do[0].type: needs a broker: give its address as mqtt.url',
    ]);
  });

  it('files that hold something else, or do not belong together, are told by key', async () => {
    const place = folder();
    const put = (name: string, text: string): string => {
      writeFileSync(join(place, name), text);
      return join(place, name);
    };
    const [mine, other] = [selfSigned(), selfSigned()];
    const cert = put('cert.pem', mine.cert);
    const url = 'mqtts://127.0.0.1';
    expect(await problems({ mqtt: { url, tls: { cert, key: put('key.pem', other.key) } } })).toEqual([
      expect.stringMatching(/^mqtt\.tls: its files cannot be used together \(ERR_\w+\)$/),
    ]);
    expect(await problems({ mqtt: { url, tls: { ca: put('ca.pem', 'no'), cert, key: cert } } })).toEqual([
      expect.stringMatching(/^mqtt\.tls\.ca: file \S+ holds no PEM text with CERTIFICATE$/),
      expect.stringMatching(/^mqtt\.tls\.key: file \S+ holds no PEM text with PRIVATE KEY$/),
    ]);
  });

  it.each([
    [{ url: 'http://127.0.0.1' }, /^mqtt\.url: expected a URL with mqtt:\/\//],
    [
      { url: 'mqtt://mien:secret@127.0.0.1' },
      /^mqtt\.url: expected a URL .*, without user and password, got "mqtt:\/\/\*\*\*@/,
    ],
    [{ ...broker, prefix: 'mien/#' }, /^mqtt\.prefix: expected up to 128 of/],
    [{ ...broker, prefix: '/mien' }, /^mqtt\.prefix: expected up to 128 of/],
    [{ ...broker, qos: 3 }, /^mqtt\.qos: expected a whole number from 0 to 2, got 3/],
    [{ ...broker, publish: ['face'] }, /^mqtt\.publish\[0\]: expected an element of a list of faces/],
    [
      { ...broker, username: 'a', password: { env: 'NONE' } },
      /^mqtt\.password\.env: environment variable NONE is not set$/,
    ],
    [{ ...broker, insecure: true }, /^mqtt\.insecure: unknown key/],
  ])('%j is told in words', async (mqtt, expected) => {
    const found = await problems({ mqtt });
    expect(found).toEqual([expect.stringMatching(expected)]);
    expect(found[0]).not.toContain('secret');
  });

  it.each(['$SYS/a', 'a/+', 'a/#', 'a//b', '/a', 'a/', 'a b'])('topic %j of an action is refused', async (topic) => {
    const [found] = await problems({ mqtt: broker, rules: [rule({ topic })] });
    expect(found).toMatch(/^rules\[0\]\.do\[0\]\.topic: expected a topic such as house\/alerts/);
  });

  it('what changed takes effect with a restart; a password, too', async () => {
    const mqtt = { ...broker, username: 'mien', password: { env: 'MQTT_PASSWORD' } };
    const from = await load(mqtt);
    expect(diffConfig(from, await load({ ...mqtt, qos: 0 })).restart).toEqual(['mqtt.qos']);
    const file = written({ mqtt });
    const other = await loadConfig({ file, env: { MQTT_PASSWORD: 'another' } });
    expect(diffConfig(from, other).restart).toEqual(['mqtt.password']);
  });
});

describe('docs/mqtt.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/mqtt.md', import.meta.url)), 'utf8');

  it('its configuration is correct', async () => {
    const [, yaml] = /```yaml\n( {3}purpose[\s\S]*?)```/.exec(page)!;
    const file = join(folder(), 'a.yaml');
    writeFileSync(file, yaml!.replaceAll(/^ {3}/gm, ''));
    const { mqtt, rules } = await loadConfig({ file, env: { MIEN_MQTT_PASSWORD: 'x' } });
    expect([mqtt!.url, rules.map(({ id }) => id)]).toEqual(['mqtt://192.0.2.20', ['smiles']]);
  });

  it('names every topic', () => {
    const { status, episodes, rules, ...of } = topicsOf('mien');
    const topics = [of.faces('desk'), of.expression('desk'), of.state('desk'), of.rule('desk', 'smiles')];
    const rows = [...page.matchAll(/^\| `(mien\/\S+)` \| (yes|no) /gm)].map(([, topic]) => topic);
    expect(rows.sort()).toEqual([status, episodes, rules, ...topics].sort());
  });
});
