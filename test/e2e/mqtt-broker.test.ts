import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { startMqtt } from '../../src/app/mqtt-publishing.js';
import type { RuleMessage } from '../../src/client/types.js';
import { loadConfig } from '../../src/config/load.js';
import type { RuleFiring } from '../../src/domain/rules.js';
import {
  type MqttEpisode,
  type MqttRuleState,
  mqttCameraState,
  mqttEpisode,
  mqttExpression,
  mqttFaces,
  mqttRuleState,
} from '../../src/protocol/mqtt-messages.js';
import { ruleFiring } from '../../src/protocol/rule-schema.js';
import { cameraState } from '../support/camera-state.js';
import { collectingLogger } from '../support/collecting-logger.js';
import { discoveryProblems } from '../support/home-assistant.js';
import { Mosquitto, type MosquittoOptions } from '../support/mosquitto.js';
import { MqttObserver } from '../support/mqtt-observer.js';
import { recordingTelemetry } from '../support/recording-telemetry.js';
import { DEMO } from '../support/run-cli.js';
import { selfSigned } from '../support/self-signed.js';
import { serveForTest } from '../support/serve-fixture.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const closings: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const LOGIN = { user: 'mien', password: 'short pässword' };

async function broker(options: Partial<MosquittoOptions> = {}): Promise<Mosquitto> {
  const started = new Mosquitto({ folder: folder(), ...options });
  closings.push(() => started.down());
  await started.up();
  return started;
}
async function observe(port: number, ...filters: string[]): Promise<MqttObserver> {
  const { user: username, password } = LOGIN;
  const observer = await MqttObserver.connect(`mqtt://127.0.0.1:${port}`, filters, { username, password });
  closings.push(() => observer.close());
  return observer;
}

/** A configuration file as an operator writes it; the password is in a file beside it. */
function written(port: number, cameras: readonly object[], more: object = {}): string {
  const place = folder();
  writeFileSync(join(place, 'mqtt.password'), `${LOGIN.password}\n`);
  const smile = { type: 'expression', is: ['happiness'], sure: 0.5, for: '200ms' };
  const config = {
    purpose: 'testing',
    server: { port: 0 },
    cameras,
    rules: [
      {
        id: 'smiles',
        when: smile,
        endAfter: '200ms',
        holdOff: '0s',
        do: [{ type: 'mqtt' }, { type: 'mqtt', topic: 'house/smile' }],
      },
    ],
    mqtt: {
      url: `mqtt://127.0.0.1:${port}`,
      username: LOGIN.user,
      password: { file: 'mqtt.password' },
      maxPerSecond: 10,
      ...more,
    },
  };
  const file = join(place, 'cameras.yaml');
  writeFileSync(file, JSON.stringify(config)); // JSON is YAML.
  return file;
}
const clip = { type: 'file', path: `${DEMO}step-smile.mp4`, loop: true };
const isRule = (message: { readonly type: string }): message is RuleMessage => message.type === 'rule';

describe('mien serve beside a real broker', () => {
  it('tells it and Home Assistant everything, finds it again after it was killed, and leaves no traces of what is gone', async () => {
    const mosquitto = await broker({ login: LOGIN });
    const { port } = mosquitto;
    const observer = await observe(port, 'mien/#', 'homeassistant/#', 'house/#');
    // What an earlier run left: a rule and a camera that are no more, and things that are not ours.
    await observer.publish('mien/attic/faces', '{"count":2}', true);
    await observer.publish('homeassistant/binary_sensor/mien/desk-RULE-old/config', '{"unique_id":"old"}', true);
    await observer.publish('homeassistant/sensor/other/desk-FACES/config', '{"unique_id":"other"}', true);

    const cameras = [
      { id: 'desk', name: 'Desk', ...clip },
      { id: 'door', type: 'push' },
    ];
    const config = await loadConfig({ file: written(port, cameras), env: {} });
    const mien = await serveForTest(config);
    closings.push(() => mien.close());

    expect((await observer.until(({ topic }) => topic === 'mien/status')).text).toBe('online');
    const seen = await observer.json<{ count: number }>('mien/desk/faces', ({ count }) => count === 1);
    mqttFaces.parse(seen);
    const read = await observer.json<{ expression: string }>(
      'mien/desk/expression',
      ({ expression }) => expression === 'happiness',
    );
    mqttExpression.parse(read);
    const state = await observer.json<{ status: string }>('mien/desk/state', ({ status }) => status === 'running');
    expect(mqttCameraState.parse(state)).toMatchObject({ id: 'desk', name: 'Desk' });
    const ended = await observer.json<MqttEpisode>('mien/episodes', ({ type }) => type === 'end');
    mqttEpisode.parse(ended);
    expect(ended.before).toMatchObject({ id: ended.after.id, endReason: null });
    await observer.json<MqttRuleState>('mien/desk/rules/smiles', ({ active }) => active);
    const off = await observer.json<MqttRuleState>(
      'mien/desk/rules/smiles',
      ({ active, firing }) => !active && !!firing,
    );
    mqttRuleState.parse(off);
    for (const topic of ['mien/rules', 'house/smile']) {
      expect(ruleFiring.parse(await observer.json<RuleFiring>(topic)).rule).toBe('smiles');
    }

    // What was left is removed, and only that.
    for (const topic of ['mien/attic/faces', 'homeassistant/binary_sensor/mien/desk-RULE-old/config']) {
      await observer.until((message) => message.topic === topic && message.text === '');
    }
    const kept = await observe(port, 'homeassistant/#');
    const configs = ['FACES', 'EXPRESSION', 'VALENCE'].map((what) => `homeassistant/sensor/mien/desk-${what}/config`);
    configs.push('homeassistant/binary_sensor/mien/desk-RULE-smiles/config');
    for (const topic of configs) {
      const { text } = await kept.until((message) => message.topic === topic);
      expect(discoveryProblems(topic, text), topic).toEqual([]);
    }
    await kept.until(({ topic }) => topic === 'homeassistant/sensor/other/desk-FACES/config');

    // A broker that keeps nothing on disk is killed; rules go on, and wait.
    await mosquitto.down();
    const before = mien.messages.length;
    const missed = await mien.until((message): message is RuleMessage => isRule(message), before);
    await expect.poll(() => mien.metric('mien_broker_connected{target="mqtt"}'), { timeout: 20_000 }).toBe(0);
    await mosquitto.up();
    const after = await observe(port, 'mien/#', 'homeassistant/#');
    await after.until(({ topic, text }) => topic === 'mien/status' && text === 'online');
    for (const topic of configs) await after.until((message) => message.topic === topic && message.text !== '');
    expect(
      await after.json<RuleFiring>(
        'mien/rules',
        ({ id, phase }) => id === missed.firing.id && phase === missed.firing.phase,
      ),
    ).toEqual(missed.firing);
    await after.json<{ status: string }>('mien/door/state');

    // A camera that is removed from the file is removed from the broker, too; one that changes is not.
    const doorConfig = 'homeassistant/sensor/mien/door-FACES/config';
    await after.until(({ topic, text }) => topic === doorConfig && text !== '');
    const changed = after.messages.length;
    await mien.serving.reload({ ...config, cameras: [{ ...config.cameras[0]!, maxFps: 5 }] });
    for (const topic of [doorConfig, 'mien/door/state', 'mien/door/rules/smiles']) {
      await after.until((message) => message.topic === topic && message.text === '', changed);
    }
    await after.json<{ status: string }>('mien/desk/state', ({ status }) => status === 'running', changed);
    expect(after.messages.slice(changed).filter(({ topic, text }) => configs.includes(topic) && text === '')).toEqual(
      [],
    );

    const leaving = after.messages.length;
    await mien.close();
    await after.until(({ topic, text }) => topic === 'mien/status' && text === 'offline', leaving);
    expect((await after.json<{ status: string }>('mien/desk/state', () => true, leaving)).status).toBe('stopped');
    expect(await (await observe(port, 'mien/status')).until(() => true)).toMatchObject({
      text: 'offline',
      retained: true,
    });
    expect(mien.log.join('\n')).toContain(`mqtt: connected to mqtt://127.0.0.1:${port}`);
    expect(mien.log.join('\n')).not.toContain(LOGIN.password);
  }, 180_000);

  it('publishes no expression with mode au-only', async () => {
    const { port } = await broker({ login: LOGIN });
    const observer = await observe(port, 'mien/#', 'homeassistant/#');
    const file = written(port, [{ id: 'desk', ...clip }]);
    const config = await loadConfig({
      file,
      env: {},
      overrides: [
        { key: 'mode', value: 'au-only', origin: 'test' },
        { key: 'rules', value: [], origin: 'test' },
      ],
    });
    const mien = await serveForTest(config);
    closings.push(() => mien.close());
    const seen = await observer.json<{ count: number; faces: { expression: unknown }[] }>(
      'mien/desk/faces',
      ({ count }) => count === 1,
    );
    expect(seen.faces[0]!.expression).toBeNull();
    await observer.json<MqttEpisode>('mien/episodes');
    await mien.close();
    expect(observer.messages.filter(({ topic }) => /expression|valence/i.test(topic))).toEqual([]);
    const kinds = observer.messages
      .filter(({ topic }) => topic === 'mien/episodes')
      .map(({ text }) => JSON.parse(text).after.kind);
    expect(kinds).not.toContain('emotion');
  });
});

/** Passes a connection on to a port, and can cut it as a network does. */
async function cuttable(to: number): Promise<{ readonly port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const other = connectTcp({ port: to, host: '127.0.0.1' });
    for (const [from, into] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined).on('close', () => into.destroy());
      from.pipe(into);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  closings.push(() => {
    cut();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, cut };
}

/** The way to a broker over WebSockets (Mosquitto's own of some releases listens on no single address). @returns its port */
async function overWebSockets(to: number): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    const stream = createWebSocketStream(socket);
    const other = connectTcp({ port: to, host: '127.0.0.1' });
    stream.on('error', () => undefined).on('close', () => other.destroy());
    other.on('error', () => undefined).on('close', () => stream.destroy());
    stream.pipe(other).pipe(stream);
  });
  closings.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** What publishes, without cameras and models. */
async function publishing(mqtt: object, env: Record<string, string> = {}) {
  const place = folder();
  const file = join(place, 'cameras.yaml');
  writeFileSync(file, JSON.stringify({ purpose: 'testing', mqtt }));
  const log: string[] = [];
  const telemetry = recordingTelemetry();
  const config = await loadConfig({ file, env });
  const started = startMqtt(config, { logger: collectingLogger(log), telemetry })!;
  closings.push(() => started.close());
  started.take({ type: 'state', state: cameraState('desk') });
  return { started, log, telemetry };
}

describe('the connection to a broker', () => {
  it('is told of by the last will when it is cut, and opened again', async () => {
    const { port } = await broker();
    const line = await cuttable(port);
    const observer = await observe(port, 'mien/status');
    const { telemetry } = await publishing({ url: `mqtt://127.0.0.1:${line.port}` });
    await observer.until(({ text }) => text === 'online');
    line.cut();
    await observer.until(({ text }) => text === 'offline', 1);
    await observer.until(({ text }) => text === 'online', 2);
    await telemetry.reached('brokerConnected mqtt true', 2);
  });

  it('uses TLS with an authority from a file, and refuses a certificate that nobody it trusts has signed', async () => {
    const place = folder();
    const mine = selfSigned('localhost');
    writeFileSync(join(place, 'ca.pem'), mine.cert);
    writeFileSync(join(place, 'other.pem'), selfSigned('localhost').cert);
    const { port } = await broker({ tls: mine });
    const url = `mqtts://localhost:${port}`;
    const good = await publishing({ url, tls: { ca: join(place, 'ca.pem') } });
    await good.telemetry.reached('notified mqtt delivered', 3);
    expect(good.log).toEqual([`mqtt: connected to ${url}`]);
    const bad = await publishing({ url, clientId: 'b', tls: { ca: join(place, 'other.pem') } });
    await bad.telemetry.reached('notified mqtt failed');
    expect(bad.log).toEqual([
      expect.stringMatching(/^mqtt: mqtts:\S+: the certificate of the broker is not trusted \(\w+\)/),
    ]);
  });

  it('says that the broker refuses the password, and never the password', async () => {
    const { port } = await broker({ login: LOGIN });
    const { log, telemetry } = await publishing(
      { url: `mqtt://127.0.0.1:${port}`, username: 'mien', password: { env: 'PASSWORD' } },
      { PASSWORD: 'wrong-one' },
    );
    await telemetry.reached('notified mqtt failed');
    expect(log).toEqual([expect.stringContaining('the broker does not let this user in')]);
    expect(log.join('\n')).not.toContain('wrong-one');
  });

  it('is made over WebSockets, too', async () => {
    const port = await overWebSockets((await broker()).port);
    const { log, telemetry } = await publishing({ url: `ws://127.0.0.1:${port}/mqtt` });
    await telemetry.reached('notified mqtt delivered', 3);
    expect(log).toEqual([`mqtt: connected to ws://127.0.0.1:${port}/mqtt`]);
  });

  it.each(['ws', 'mqtt'])(
    'waits for a broker that is not there yet over %s, and ends when its owner does',
    async (scheme) => {
      const { log, started, telemetry } = await publishing({ url: `${scheme}://127.0.0.1:9` });
      await telemetry.reached('notified mqtt failed', 1);
      expect(log).toEqual([
        `mqtt: ${scheme}://127.0.0.1:9: connection refused; it is tried again until the broker is back`,
      ]);
      await started.close();
    },
  );
});
