import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import type { RuleFiring } from '../../src/domain/rules.js';
import { type MqttRuleState, mqttRuleState } from '../../src/protocol/mqtt-messages.js';
import { ruleFiring } from '../../src/protocol/rule-schema.js';
import { discoveryProblems } from '../support/home-assistant.js';
import { Mosquitto } from '../support/mosquitto.js';
import { MqttObserver } from '../support/mqtt-observer.js';
import { DEMO } from '../support/run-cli.js';
import { tempFolders } from '../support/temp-folder.js';
import { isSigned, WebhookReceiver } from '../support/webhook-receiver.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const SECRET = 'a-secret-of-the-test-0123456789';
/** Firings that the receiver misses. A whole minute of them was tried by hand (docs/operate.md). */
const MISSED = 2;

const folder = tempFolders();
const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

interface Discovered {
  readonly state_topic: string;
  readonly value_template: string;
}

/** What Home Assistant makes of the two templates that binary sensors of rules have. */
const onOff = ({ value_template: template }: Discovered, payload: string): string => {
  expect(template).toBe("{{ 'ON' if value_json.active else 'OFF' }}");
  return mqttRuleState.parse(JSON.parse(payload)).active ? 'ON' : 'OFF';
};

it('a smile in a clip is seen by Home Assistant as it fires, and by a receiver that was down as soon as it is back', async () => {
  const place = folder();
  const broker = new Mosquitto({ folder: place });
  closings.push(() => broker.down());
  await broker.up();
  const observer = await MqttObserver.connect(`mqtt://127.0.0.1:${broker.port}`, ['mien/#', 'homeassistant/#']);
  closings.push(() => observer.close());
  const receiver = new WebhookReceiver();
  closings.push(() => receiver.down());
  await receiver.up();
  await receiver.down();

  const file = join(place, 'cameras.yaml');
  const happy = { type: 'expression', is: ['happiness'], sure: 0.5, for: '200ms' };
  writeFileSync(
    file,
    JSON.stringify({
      purpose: 'testing',
      server: { port: 0 },
      cameras: [{ id: 'desk', name: 'Desk', type: 'file', path: `${DEMO}step-smile.mp4`, loop: true }],
      rules: [{ id: 'smiles', when: happy, endAfter: '200ms', holdOff: '0s', do: [{ type: 'webhook', to: 'alerts' }] }],
      webhooks: { folder: 'outbox', targets: [{ id: 'alerts', url: receiver.url, env: 'HOOK' }] },
      mqtt: { url: `mqtt://127.0.0.1:${broker.port}` },
    }), // JSON is YAML.
  );
  const env = { ...process.env, HOOK: SECRET };
  const mien: ChildProcess = spawn(process.execPath, [MAIN, 'serve', '--config', file], { stdio: 'ignore', env });
  closings.push(() => mien.kill('SIGKILL'));

  // Home Assistant finds the rule, and follows it.
  const topic = 'homeassistant/binary_sensor/mien/desk-RULE-smiles/config';
  const { text } = await observer.until((message) => message.topic === topic && message.text !== '');
  expect(discoveryProblems(topic, text)).toEqual([]);
  const discovered = JSON.parse(text) as Discovered;
  const states = () => observer.messages.filter((message) => message.topic === discovered.state_topic);
  const firings = () =>
    states().flatMap((message) => (JSON.parse(message.text) as MqttRuleState).firing ?? []) as RuleFiring[];
  await observer.until(() => firings().filter(({ phase }) => phase === 'end').length >= MISSED);
  expect(
    states()
      .slice(0, 2 * MISSED + 1)
      .map((message) => onOff(discovered, message.text)),
  ).toEqual(['OFF', ...Array.from({ length: MISSED }, () => ['ON', 'OFF']).flat()]);

  // The receiver has missed all of that, and gets it: the same, in order, each once.
  const missed = firings().slice(0, 2 * MISSED);
  expect(receiver.received).toEqual([]);
  await receiver.up();
  await receiver.until((received) => received.length >= missed.length);
  const got = receiver.received.map(({ body }) => ruleFiring.parse(JSON.parse(body)));
  expect(got.slice(0, missed.length)).toEqual(missed);
  expect(new Set(receiver.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(got.length);
  for (const message of receiver.received) expect(isSigned(message, SECRET)).toBe(true);
}, 180_000);
