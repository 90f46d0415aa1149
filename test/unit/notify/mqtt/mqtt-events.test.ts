import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../../../src/domain/live.js';
import { MQTT_KINDS, type MqttKind } from '../../../../src/domain/mqtt.js';
import type { FaceRecord } from '../../../../src/domain/records.js';
import type { RuleFiring } from '../../../../src/domain/rules.js';
import { MqttEvents } from '../../../../src/notify/mqtt/mqtt-events.js';
import * as messages from '../../../../src/protocol/mqtt-messages.js';
import { cameraState } from '../../../support/camera-state.js';
import { discoveryProblems } from '../../../support/home-assistant.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { emptyFrame, episode, faceRecord, unreadableFace } from '../../../support/record-builders.js';
import { facesOf, ruleOf } from '../../../support/rule-builders.js';

const away = ruleOf({ id: 'away', when: { type: 'camera', is: ['away'] }, cameras: ['door'] });

function telling(publish: readonly MqttKind[] = MQTT_KINDS) {
  const clock = new ManualClock();
  const sent: { readonly topic: string; readonly payload: string; readonly kind: 'state' | 'event' }[] = [];
  const left: string[] = [];
  const events = new MqttEvents({
    prefix: 'house/mien',
    discoveryPrefix: 'homeassistant',
    publish,
    intervalMs: 1_000,
    rules: [ruleOf(), away],
    version: '0.1.0',
    clock,
    to: {
      state: (topic, payload) => sent.push({ topic, payload, kind: 'state' }),
      event: (topic, payload) => sent.push({ topic, payload, kind: 'event' }),
      leave: (topic) => left.push(topic),
    },
  });
  const on = (topic: string) => sent.filter((message) => message.topic === `house/mien/${topic}`);
  return {
    clock,
    events,
    sent,
    left,
    json: (topic: string): unknown[] => on(topic).map(({ payload }) => (payload === '' ? '' : JSON.parse(payload))),
    /** A camera that was told of, before its first frame. */
    opened: async (): Promise<void> => {
      events.take({ type: 'state', state: cameraState('desk') });
      await clock.advance(1_000);
      sent.length = 0;
    },
    state: (id = 'desk', more: Parameters<typeof cameraState>[1] = {}) =>
      events.take({ type: 'state', state: cameraState(id, more) }),
    faces: (...records: FaceRecord[]) =>
      events.take(
        facesOf(
          records.map((record) => ({ ...record, source: 'desk' })),
          1_700_000_000_000,
        ),
      ),
  };
}
const at = (left: number, right: number) => ({ box: { space: 'frame', left, top: 0, right, bottom: 100 } as const });
const firing = (phase: 'start' | 'end'): RuleFiring => ({
  v: 1,
  id: 'desk/smiles/1',
  phase,
  rule: 'smiles',
  source: 'desk',
  purpose: 'testing',
  condition: 'expression',
  track: 1,
  zone: null,
  value: 0.8,
  onsetUs: null,
  firedUs: null,
  endedUs: null,
  at: null,
  endReason: phase === 'end' ? 'released' : null,
});
const ruleEvent = (phase: 'start' | 'end'): LiveEvent => ({
  type: 'rule',
  source: 'desk',
  firing: firing(phase),
  wallTimeMs: 0,
});

describe('faces and expression', () => {
  it('are what the schemas say, in short', async () => {
    const { opened, faces, json } = telling();
    await opened();
    faces(faceRecord(1, { zones: ['till'] }), unreadableFace(1, { track: 2 }));
    const [told] = json('desk/faces');
    expect(messages.mqttFaces.parse(told)).toEqual(told);
    expect(told).toMatchObject({
      v: 1,
      source: 'desk',
      at: '2023-11-14T22:13:20.000Z',
      ptsUs: 40_000,
      count: 2,
      faces: [
        {
          track: 1,
          validity: 'ok',
          expression: 'happiness',
          confidence: 0.8,
          valence: 0.65,
          arousal: -0.08,
          zones: ['till'],
        },
        { track: 2, validity: 'blurred', expression: null, confidence: null, valence: null, zones: [] },
      ],
    });
    const [read] = json('desk/expression');
    expect(messages.mqttExpression.parse(read)).toEqual(read);
    expect(read).toMatchObject({ track: 1, expression: 'happiness', confidence: 0.8, valence: 0.65 });
  });

  it('are told when they change, at most once in a time, the newest then', async () => {
    const { clock, opened, faces, json } = telling();
    await opened();
    for (let frame = 0; frame < 30; frame++) faces(faceRecord(frame));
    await clock.advance(5_000);
    expect(json('desk/faces')).toHaveLength(1);
    faces(emptyFrame(31));
    faces(faceRecord(32), faceRecord(32, { track: 2 }));
    await clock.advance(5_000);
    expect(json('desk/faces').map((told) => (told as messages.MqttFaces).count)).toEqual([1, 0, 2]);
  });

  it('are null without frames, also before the first: nothing is known then', async () => {
    const { clock, events, state, faces, json } = telling();
    state();
    expect(json('desk/faces')).toMatchObject([{ count: null }]);
    await clock.advance(1_000);
    faces(faceRecord(1));
    await clock.advance(1_000);
    events.take({ type: 'silent', source: 'desk' });
    expect(messages.mqttFaces.parse(json('desk/faces')[2])).toMatchObject({ count: null, faces: [] });
    expect(messages.mqttExpression.parse(json('desk/expression')[2])).toMatchObject({ track: null, expression: null });
  });

  it('tells the expression of the largest face, and stays with it until another is much larger', async () => {
    const { clock, opened, faces, json } = telling();
    await opened();
    const widths = [
      [100, 90],
      [100, 140],
      [100, 160],
      [120, 100],
    ] as const;
    for (const [frame, [first, second]] of widths.entries()) {
      faces(
        faceRecord(frame, { track: 1, confidence: (frame / 10) as never, ...at(0, first) }),
        faceRecord(frame, { track: 2, confidence: (frame / 10) as never, ...at(0, second) }),
      );
      await clock.advance(1_000);
    }
    expect(json('desk/expression').map((told) => (told as messages.MqttExpression).track)).toEqual([1, 1, 2, 2]);
  });

  it('publishes only what is asked for', () => {
    const { events, state, faces, sent } = telling(['state']);
    state();
    faces(faceRecord(1));
    events.take(ruleEvent('start'));
    events.take({ type: 'episode', source: 'desk', episode: episode(), wallTimeMs: 0 });
    expect(sent.map(({ topic }) => topic)).toEqual(['house/mien/desk/state']);
  });
});

describe('state, episodes and rules', () => {
  it('tells a camera’s state without its address', () => {
    const { state, json, sent } = telling();
    const lastEnd = { reason: 'stalled', message: 'no frame from 192.0.2.7 for 5 s' } as const;
    state('desk', { address: 'rtsp://192.0.2.7/1', status: 'waiting', lastEnd });
    const [told] = json('desk/state');
    expect(messages.mqttCameraState.parse(told)).toMatchObject({
      id: 'desk',
      status: 'waiting',
      lastEndReason: 'stalled',
    });
    expect(JSON.stringify(sent)).not.toContain('192.0.2.7');
  });

  it('tells episodes with what was told before', () => {
    const { events, state, json } = telling();
    state();
    for (const phase of ['new', 'update', 'end'] as const) {
      events.take({ type: 'episode', source: 'desk', episode: episode({ phase }), wallTimeMs: 0 });
    }
    events.take({ type: 'episode', source: 'desk', episode: episode({ phase: 'new' }), wallTimeMs: 0 });
    const told = json('episodes').map((message) => messages.mqttEpisode.parse(message));
    expect(told.map(({ type, before }) => [type, before?.phase ?? null])).toEqual([
      ['new', null],
      ['update', 'new'],
      ['end', 'update'],
      ['new', null],
    ]);
  });

  it('tells of each rule of a camera whether it goes on, from the beginning', () => {
    const { events, state, json } = telling();
    state();
    events.take(ruleEvent('start'));
    events.take(ruleEvent('end'));
    const told = json('desk/rules/smiles').map((message) => messages.mqttRuleState.parse(message));
    expect(told.map(({ active, firing: last }) => [active, last?.phase ?? null])).toEqual([
      [false, null],
      [true, 'start'],
      [false, 'end'],
    ]);
    expect(json('desk/rules/away')).toEqual([]);
    state('door');
    expect(json('door/rules/away')).toHaveLength(1);
  });

  it('publishes a firing where its rule says, else where all are', () => {
    const { events, sent } = telling();
    events.firing(firing('start'), 'house/alerts');
    events.firing(firing('end'));
    expect(sent.map(({ topic, kind, payload }) => [topic, kind, JSON.parse(payload).phase])).toEqual([
      ['house/alerts', 'event', 'start'],
      ['house/mien/rules', 'event', 'end'],
    ]);
  });
});

describe('Home Assistant', () => {
  const configs = (sent: ReturnType<typeof telling>['sent']) =>
    sent.filter(({ topic }) => topic.startsWith('homeassistant/'));

  it('takes every message, which has an identifier of its own', () => {
    const { state, sent } = telling();
    state('desk', { name: 'Desk' });
    state('door');
    expect(configs(sent).map(({ topic }) => topic.replace('homeassistant/', ''))).toEqual([
      'sensor/house-SUB-mien/desk-FACES/config',
      'sensor/house-SUB-mien/desk-EXPRESSION/config',
      'sensor/house-SUB-mien/desk-VALENCE/config',
      'binary_sensor/house-SUB-mien/desk-RULE-smiles/config',
      'sensor/house-SUB-mien/door-FACES/config',
      'sensor/house-SUB-mien/door-EXPRESSION/config',
      'sensor/house-SUB-mien/door-VALENCE/config',
      'binary_sensor/house-SUB-mien/door-RULE-smiles/config',
      'binary_sensor/house-SUB-mien/door-RULE-away/config',
    ]);
    const payloads = configs(sent).map(({ topic, payload }) => {
      expect(discoveryProblems(topic, payload), topic).toEqual([]);
      return JSON.parse(payload) as Record<string, unknown>;
    });
    expect(new Set(payloads.map(({ unique_id }) => unique_id)).size).toBe(payloads.length);
    expect(payloads[0]).toMatchObject({
      unique_id: 'house/mien/desk/faces',
      default_entity_id: 'sensor.house_mien_desk_faces',
      state_topic: 'house/mien/desk/faces',
      device: { identifiers: ['house/mien/desk'], name: 'Desk' },
    });
    // What tells that a camera is away must not itself go away with it.
    expect(payloads.at(-1)!.availability).toEqual([{ topic: 'house/mien/status' }]);
  });

  it('is not told of expressions where none are published', () => {
    const { state, sent } = telling(['faces', 'rules']);
    state();
    expect(configs(sent).map(({ topic }) => /mien\/(.*)\//.exec(topic)![1])).toEqual([
      'desk-FACES',
      'desk-RULE-smiles',
    ]);
    expect(JSON.parse(configs(sent)[0]!.payload).availability).toEqual([{ topic: 'house/mien/status' }]);
  });

  it('finds names in a schema that can refuse', () => {
    const topic = 'homeassistant/sensor/mien/a/config';
    const { state, sent } = telling();
    state();
    const good = JSON.parse(configs(sent)[1]!.payload) as object;
    for (const more of [
      { state_class: 'measurement' },
      { object_id: 'a' },
      { device_class: 'feeling' },
      { device: {} },
    ]) {
      expect(discoveryProblems(topic, JSON.stringify({ ...good, ...more })), JSON.stringify(more)).not.toEqual([]);
    }
    expect(discoveryProblems('homeassistant/sensor/mien/a b/config', '{}')).not.toEqual([]);
  });
});

describe('a camera that goes', () => {
  it('is removed with everything that was kept of it, once it stays away', async () => {
    const { clock, events, state, sent } = telling();
    state();
    const kept = new Set(sent.map(({ topic }) => topic));
    expect(kept.size).toBe(8);
    const before = sent.length;
    events.take({ type: 'removed', source: 'desk' });
    expect(sent).toHaveLength(before);
    await clock.advance(1_000);
    const removed = sent.slice(before).map(({ topic, payload }) => (payload === '' ? topic : payload));
    expect(new Set(removed)).toEqual(kept);
    // Home Assistant first, which would not understand empty states.
    expect(removed.findLastIndex((topic) => topic.startsWith('homeassistant/'))).toBe(3);
  });

  it('keeps its place, and what people named it, when it is only opened anew', async () => {
    const { clock, events, state, faces, sent, json } = telling();
    state();
    await clock.advance(1_000);
    faces(faceRecord(1));
    events.take({ type: 'removed', source: 'desk' });
    state('desk', { name: 'Desk, renamed' });
    await clock.advance(5_000);
    expect(sent.filter(({ payload }) => payload === '')).toEqual([]);
    expect(sent.filter(({ topic }) => topic.endsWith('desk-FACES/config'))).toHaveLength(2);
    faces(faceRecord(1));
    expect(json('desk/faces')).toMatchObject([{ count: null }, { count: 1 }, { count: 1 }]);
  });

  it('is removed at once when mien stops meanwhile', () => {
    const { events, state, sent } = telling();
    state();
    events.take({ type: 'removed', source: 'desk' });
    events.close();
    expect(sent.filter(({ payload }) => payload === '').map(({ topic }) => topic)).toContain('house/mien/desk/state');
  });
});
