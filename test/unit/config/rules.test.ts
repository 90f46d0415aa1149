import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { checkRuleUnits, ruleWithoutZone, unknownRuleCameras } from '../../../src/app/check-rules.js';
import { diffConfig } from '../../../src/config/diff.js';
import { checkConfig, loadConfig } from '../../../src/config/load.js';
import { ruleOf } from '../../support/rule-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const SECRET = 'a-secret-of-the-test-0123456789';
const env = { HOOK: SECRET };
const log = [{ type: 'log' }];
const smile = { type: 'expression', is: ['happiness'] };
const target = { id: 'ops', url: 'http://127.0.0.1/', env: 'HOOK' };

function written(settings: object): string {
  const file = join(folder(), 'a.yaml');
  writeFileSync(file, stringify({ purpose: 'testing', ...settings }));
  return file;
}
const load = (settings: object) => loadConfig({ file: written(settings), env });
const problems = async (settings: object): Promise<string[]> => {
  const checked = await checkConfig({ file: written(settings), env });
  return checked.problems.map(({ key, text }) => `${key}: ${text}`);
};

describe('rules in a configuration', () => {
  it('get units, defaults and the purpose of the installation', async () => {
    const { rules } = await load({ rules: [{ id: 'a', when: smile, do: log }] });
    expect(rules).toEqual([
      ruleOf({
        id: 'a',
        when: { type: 'expression', is: ['happiness'], sure: 0.5 },
        endAfterMs: 1_000,
        holdOffMs: 30_000,
      }),
    ]);
  });

  it.each([
    [
      { type: 'action-unit', unit: 'AU12' },
      { type: 'action-unit', unit: '12', intensity: 1, sure: 0.5 },
    ],
    [
      { type: 'valence', below: -0.4 },
      { type: 'valence', above: null, below: -0.4 },
    ],
    [
      { type: 'faces', most: 0 },
      { type: 'faces', least: null, most: 0 },
    ],
    [
      { type: 'camera', is: ['away'] },
      { type: 'camera', is: ['away'] },
    ],
  ])('%j', async (when, expected) => {
    const { rules } = await load({ rules: [{ id: 'a', when, do: log }] });
    expect(rules[0]!.when).toEqual(expected);
  });

  it('hours and days', async () => {
    const hoursOf = async (more: object) =>
      (await load({ rules: [{ id: 'a', when: { ...smile, ...more }, do: log }] })).rules[0]!.hours;
    expect(await hoursOf({})).toBeNull();
    expect(await hoursOf({ hours: '22:30-06:00', days: ['fri', 'sat'] })).toEqual({
      fromMinute: 1350,
      toMinute: 360,
      days: [5, 6],
    });
    expect(await hoursOf({ days: ['sun'] })).toEqual({ fromMinute: 0, toMinute: 1440, days: [0] });
  });

  it('every problem at once', async () => {
    const found = await problems({
      mode: 'au-only',
      rules: [
        { id: 'a', when: smile, do: [{ type: 'webhook', to: 'opps' }] },
        { id: 'a', when: { type: 'valence' }, do: log },
        { id: 'b', when: { type: 'faces', least: 3, most: 2 }, purpose: 'workplace', do: log },
      ],
      webhooks: { targets: [target, { ...target, env: undefined }] },
    });
    expect(found).toEqual([
      'rules[1].id: "a" is the id of rules[0] too; ids are unique',
      'rules[0].when.type: mode au-only infers no emotion, so no rule can wait for expression; use action-unit',
      'rules[0].do[0].to: "opps" is no target of webhooks.targets; there are ops, ops',
      'rules[1].when.type: mode au-only infers no emotion, so no rule can wait for valence; use action-unit',
      'rules[1].when.type: valence needs above, below, or both',
      'rules[2].when.most: expected at least 3, the value of least, got 2',
      expect.stringMatching(/^rules\[2\]\.purpose: "workplace" is refused/),
      'webhooks.folder: webhooks.targets need a folder for messages that wait',
      'webhooks.targets[1].id: "ops" is the id of webhooks.targets[0] too; ids are unique',
      'webhooks.targets[1]: "ops" needs either env or file, and has neither',
    ]);
  });

  it.each([
    [{ when: { ...smile, is: ['joyful'] } }, /^rules\[0\]\.when\.is\[0\]: expected an element of a list of neutral/],
    [{ when: { type: 'expresion' } }, /^rules\[0\]\.when\.type: expected .*did you mean "expression"/],
    [{ when: { ...smile, zon: 'a' } }, /^rules\[0\]\.when\.zon: unknown key; did you mean "zone"/],
    [{ when: { ...smile, hours: '8-18' } }, /^rules\[0\]\.when\.hours: expected hours such as/],
    [{ when: { type: 'action-unit', unit: '12' } }, /^rules\[0\]\.when\.unit: expected an action unit such as AU12/],
    [{ do: [{ type: 'mail' }] }, /^rules\[0\]\.do\[0\]\.type: expected one of log, webhook, mqtt/],
    [{ do: [] }, /^rules\[0\]\.do: expected a list of actions/],
  ])('%j is told in words', async (more, expected) => {
    const [first] = await problems({ rules: [{ id: 'a', when: smile, do: log, ...more }] });
    expect(first).toMatch(expected);
  });

  it('a zone that no camera of the rule has is a slip, unless its camera is yet to come', async () => {
    const square = [
      [0, 0],
      [1, 0],
      [1, 1],
    ];
    const cameras = [
      { id: 'door', type: 'push', zones: [{ name: 'till', points: square }] },
      { id: 'desk', type: 'push' },
    ];
    const at = (zone: string, more: object = {}) => ({ id: zone, when: { ...smile, zone }, do: log, ...more });
    expect(
      await problems({
        cameras,
        rules: [
          at('till'),
          at('tilt'),
          { ...at('till', { cameras: ['desk'] }), id: 'c' },
          at('pool', { cameras: ['door', 'pool'] }),
        ],
      }),
    ).toEqual([
      'rules[1].when.zone: "tilt" is no zone of any camera; there are till',
      'rules[2].when.zone: "till" is no zone of camera desk; there is none',
    ]);
    expect(await problems({ rules: [at('till')] })).toEqual([
      'rules[0].when.zone: "till" is no zone of any camera; there is none',
    ]);
  });

  it('a rule may serve another purpose that is allowed by itself', async () => {
    const rule = { id: 'a', when: smile, do: log };
    const { rules } = await load({ rules: [{ ...rule, purpose: 'safety' }] });
    expect(rules[0]!.purpose).toBe('safety');
    const purposeStatement = 'safety: crane drivers are warned when drowsy';
    expect(await problems({ purposeStatement, rules: [{ ...rule, purpose: 'workplace' }] })).toEqual([]);
  });
});

describe('webhooks', () => {
  const webhooks = { folder: 'outbox', targets: [target] };

  it('read their secret, which nothing shows; paths start from the file', async () => {
    const file = written({ webhooks });
    const config = await loadConfig({ file, env });
    expect(config.webhooks).toMatchObject({ folder: join(file, '../outbox'), maxWaiting: 1000, keepForMs: 86_400_000 });
    expect(config.webhooks.targets[0]!.secret).toBe(SECRET);
    expect(JSON.stringify(config)).not.toContain(SECRET);
  });

  it.each([
    [{ ...target, env: 'NONE' }, 'webhooks.targets[0].env: environment variable NONE is not set'],
    [{ ...target, env: undefined, file: 'none' }, /^webhooks\.targets\[0\]\.file: file .*none cannot be read/],
    [{ ...target, url: 'ftp://a/' }, /^webhooks\.targets\[0\]\.url: expected a URL/],
    [
      { ...target, url: 'http://a:b@c/' },
      /^webhooks\.targets\[0\]\.url: expected a URL with .* got "http:\/\/\*\*\*@c\/"$/,
    ],
  ])('%j', async (bad, expected) => {
    const [first] = await problems({ webhooks: { folder: 'a', targets: [bad] } });
    expect(first).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('a secret that was replaced needs a restart, and so do rules', async () => {
    const file = written({ webhooks });
    const from = await loadConfig({ file, env });
    const to = await loadConfig({ file, env: { HOOK: `${SECRET}x` } });
    expect(diffConfig(from, to).restart).toEqual(['webhooks.targets']);
    expect(diffConfig(from, { ...to, rules: [ruleOf()], webhooks: from.webhooks }).restart).toEqual(['rules']);
  });
});

describe('rules and what runs', () => {
  it('a unit that the model does not read is refused, by rule', () => {
    const rules = [ruleOf({ id: 'a', when: { type: 'action-unit', unit: '46', intensity: 1, sure: 0.5 } })];
    expect(() => checkRuleUnits({ rules }, ['46'])).not.toThrow();
    expect(() => checkRuleUnits({ rules }, ['4', '12'])).toThrow(
      'rule a waits for AU46, which the model does not read; it reads AU4, AU12',
    );
  });

  it('a zone that a rule waits in is missed when it goes, as the configuration would miss it', async () => {
    const points = [
      [0, 0],
      [1, 0],
      [1, 1],
    ];
    const { cameras } = await load({
      cameras: [
        { id: 'door', type: 'push', zones: [{ name: 'till', points }] },
        { id: 'desk', type: 'push' },
      ],
    });
    const rules = [ruleOf({ id: 'a', zone: 'till' }), ruleOf({ id: 'b', zone: 'pool', cameras: ['door', 'pool'] })];
    expect(ruleWithoutZone({ rules, cameras })).toBeNull();
    expect(ruleWithoutZone({ rules, cameras: cameras.slice(1) })).toBe(
      'rule a waits in zone till, which would be gone; change the rule first',
    );
  });

  it('a camera that is not configured is pointed out', () => {
    const rules = [ruleOf({ id: 'a', cameras: ['dor'] }), ruleOf({ id: 'b' })];
    expect(unknownRuleCameras({ rules, cameras: [] })).toEqual([
      'rule a names camera dor, which is not configured; it waits until it is added',
    ]);
  });
});

describe('docs/rules.md', () => {
  it('its configuration is correct', async () => {
    const page = readFileSync(fileURLToPath(new URL('../../../docs/rules.md', import.meta.url)), 'utf8');
    const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(page)!;
    const file = join(folder(), 'a.yaml');
    writeFileSync(file, yaml!.replaceAll(/^ {3}/gm, ''));
    const { rules } = await loadConfig({ file, env: { MIEN_WEBHOOK_SECRET: SECRET } });
    expect(rules.map(({ id }) => id)).toEqual(['smiles', 'nobody', 'trouble']);
  });
});
