import { afterEach, describe, expect, it } from 'vitest';
import { type RuleStatusJson, rulesAnswer } from '../../src/protocol/rule-schema.js';
import { RuleFirings } from '../../src/rules/rule-firings.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';
import { firingOf, ruleOf } from '../support/rule-builders.js';

const ALL = 'reader-0123456789abcdef';
const YARD = 'yard-000123456789abcdef';
const NOON = Date.parse('2026-01-15T12:00:00.000Z');
let server: FakeServer | undefined;
afterEach(async () => server?.close());

/** Two rules: smiles everywhere, and an away door; smiles fired at the door thrice, and goes on in the yard. */
async function rulesServer() {
  const rules = [
    ruleOf({ actions: [{ type: 'webhook', to: 'alerts' }] }),
    ruleOf({ id: 'away', cameras: ['door'], when: { type: 'camera', is: ['away'] } }),
  ];
  const firings = new RuleFirings({ rules, retainMs: 60_000, capacity: 100 });
  const tell = (firing: ReturnType<typeof firingOf>) =>
    firings.take({ type: 'rule', source: firing.source, firing, wallTimeMs: NOON });
  const at = new Date(NOON).toISOString();
  for (const ordinal of [1, 2, 3]) {
    const id = `door/smiles/${ordinal}`;
    tell(firingOf({ id, at }));
    tell(firingOf({ id, at, phase: 'end', endReason: 'released' }));
  }
  tell(firingOf({ id: 'yard/smiles/1', source: 'yard', at }));
  server = await startFakeServer({
    rules: () => firings.statuses(NOON),
    tokens: [
      { token: ALL, scopes: ['read'] },
      { token: YARD, scopes: ['read'], cameras: ['yard'] },
    ],
  });
  const { url } = server;
  return async (query = '', token = ALL) => {
    const response = await fetch(`${url}/api/v1/rules${query}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as { rules: RuleStatusJson[] } };
  };
}

describe('GET /api/v1/rules', () => {
  it('has each rule as configured, how often it fired, what goes on and what ended', async () => {
    const ask = await rulesServer();
    const { status, body } = await ask();
    expect(status).toBe(200);
    const { rules } = rulesAnswer.parse(body);
    expect(rules).toEqual(body.rules);
    expect(rules).toMatchObject([
      {
        id: 'smiles',
        cameras: null,
        when: { type: 'expression', is: ['happiness'], sure: 0.6 },
        forMs: 1000,
        actions: [{ type: 'webhook', to: 'alerts' }],
        fired: { door: 3, yard: 1 },
      },
      { id: 'away', cameras: ['door'], fired: {}, firings: [] },
    ]);
    expect(rules[0]!.firings.map(({ firing, endedAtMs }) => [firing.id, endedAtMs])).toEqual([
      ['yard/smiles/1', null],
      ['door/smiles/3', NOON],
      ['door/smiles/2', NOON],
      ['door/smiles/1', NOON],
    ]);
  });

  it('has of those that ended as many as were asked for, and always those that go on', async () => {
    const ask = await rulesServer();
    const ids = async (query: string) =>
      rulesAnswer.parse((await ask(query)).body).rules[0]!.firings.map(({ firing }) => firing.id);
    expect(await ids('?limit=1')).toEqual(['yard/smiles/1', 'door/smiles/3']);
    expect(await ids('?limit=0')).toEqual(['yard/smiles/1']);
    expect((await ask('?limit=201')).status).toBe(400);
  });

  it('tells a token nothing of cameras that it does not see', async () => {
    const ask = await rulesServer();
    const { body } = await ask('', YARD);
    expect(body.rules).toHaveLength(1);
    expect(body.rules[0]).toMatchObject({ id: 'smiles', cameras: null, fired: { yard: 1 } });
    expect(body.rules[0]!.firings).toHaveLength(1);
    expect(JSON.stringify(body)).not.toContain('door');
  });
});
