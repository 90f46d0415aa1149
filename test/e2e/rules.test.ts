import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RuleMessage } from '../../src/client/types.js';
import { loadConfig } from '../../src/config/load.js';
import type { RuleFiring } from '../../src/domain/rules.js';
import { DEMO, runCli } from '../support/run-cli.js';
import { serveForTest } from '../support/serve-fixture.js';
import { tempFolders } from '../support/temp-folder.js';
import { isSigned, WebhookReceiver } from '../support/webhook-receiver.js';

const folder = tempFolders();
const SECRET = 'a-secret-of-the-test-0123456789';
const receivers: WebhookReceiver[] = [];
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.down();
});

/** A receiver that has a port and is down. */
async function absentReceiver(): Promise<WebhookReceiver> {
  const receiver = new WebhookReceiver();
  receivers.push(receiver);
  await receiver.up();
  await receiver.down();
  return receiver;
}

/** A configuration file as an operator writes it. */
function written(place: string, url: string, camera: object): string {
  const config = {
    purpose: 'testing',
    server: { port: 0 },
    cameras: [{ id: 'desk', ...camera }],
    rules: [
      {
        id: 'smiles',
        when: { type: 'expression', is: ['happiness'], sure: 0.5, for: '200ms' },
        endAfter: '200ms',
        holdOff: '0s',
        do: [{ type: 'log' }, { type: 'webhook', to: 'alerts' }],
      },
      { id: 'face', when: { type: 'faces', least: 1, for: '100ms' }, tellEnd: false, do: [{ type: 'log' }] },
    ],
    webhooks: { folder: 'outbox', targets: [{ id: 'alerts', url, env: 'HOOK' }] },
  };
  const file = join(place, 'cameras.yaml');
  writeFileSync(file, JSON.stringify(config)); // JSON is YAML.
  return file;
}

const isRule = (message: { readonly type: string }): message is RuleMessage => message.type === 'rule';
const clip = { type: 'file', path: `${DEMO}step-smile.mp4`, loop: true };
const firingsOf = (receiver: WebhookReceiver): RuleFiring[] =>
  receiver.received.map(({ body }) => JSON.parse(body) as RuleFiring);

describe('a rule on a real clip', () => {
  it('reaches a receiver that was down, once it is up; what is left waits on disk for the next start', async () => {
    const receiver = await absentReceiver();
    const place = folder();
    const config = await loadConfig({ file: written(place, receiver.url, clip), env: { HOOK: SECRET } });
    const first = await serveForTest(config);
    const fired = await first.until(isRule, 0);
    const failed = 'mien_notifications_total{target="alerts",outcome="failed"}';
    await expect.poll(() => first.metric(failed), { timeout: 30_000 }).toBeGreaterThan(1);
    expect(readdirSync(join(place, 'outbox/alerts')).length).toBeGreaterThan(0);
    await receiver.up();
    await receiver.until((received) => received.length >= 2);
    const smile = await first.until(
      (message): message is RuleMessage => isRule(message) && message.firing.rule === 'smiles',
      0,
    );
    expect(fired.firing.phase).toBe('start');
    expect(firingsOf(receiver)[0]).toEqual(smile.firing);
    expect(firingsOf(receiver).map(({ rule, phase }) => [rule, phase])).toEqual(
      firingsOf(receiver).map((_, index) => ['smiles', index % 2 === 0 ? 'start' : 'end']),
    );
    for (const message of receiver.received) expect(isSigned(message, SECRET)).toBe(true);
    expect(first.log.some((line) => line.startsWith('camera desk: rule smiles fired: face'))).toBe(true);
    expect(first.log.join('\n')).not.toContain(SECRET);
    expect(await first.metric('mien_rule_firings_total{camera="desk",rule="smiles"}')).toBeGreaterThan(0);

    await receiver.down();
    const before = first.messages.length;
    const missed = await first.until(
      (message): message is RuleMessage => isRule(message) && message.firing.rule === 'smiles',
      before,
    );
    await first.close();
    expect(readdirSync(join(place, 'outbox/alerts')).length).toBeGreaterThan(0);
    const told = receiver.received.length;
    await receiver.up();
    const second = await serveForTest({ ...config, cameras: [] });
    await receiver.until((received) => received.length > told);
    expect(firingsOf(receiver)[told]).toEqual(missed.firing);
    await expect.poll(() => readdirSync(join(place, 'outbox/alerts')), { timeout: 10_000 }).toEqual([]);
    await second.close();
    const keys = receiver.received.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('fires the same when its recording is replayed, and twice the same', async () => {
    const place = folder();
    mkdirSync(place, { recursive: true });
    const file = written(place, 'http://127.0.0.1:9/', clip);
    const out = join(place, 'out');
    const analysed = await runCli(['analyze', clip.path, '--out', out, '--formats', 'jsonl', '--quiet']);
    expect(analysed.code).toBe(0);
    const recording = join(
      out,
      readdirSync(out, { recursive: true })
        .map(String)
        .find((name) => name.endsWith('.records.jsonl'))!,
    );
    const test = () => runCli(['rules', 'test', recording, '--config', file, '--camera', 'desk', '--json']);
    const tested = await test();
    expect(tested.code).toBe(0);
    const lines = tested.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const firings = lines.flatMap(({ firing }) => firing ?? []) as RuleFiring[];
    expect(firings.filter(({ rule }) => rule === 'smiles').map(({ phase }) => phase)).toEqual(['start', 'end']);
    expect(firings.every(({ source }) => source === 'desk')).toBe(true);
    expect(lines.at(-1)).toMatchObject({ type: 'end', rules: 2, fired: 2, notes: [] });
    expect((await test()).stdout).toBe(tested.stdout);
  });
});
