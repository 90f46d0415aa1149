import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { DEFAULT_LIMITS } from '../../../src/domain/server-limits.js';
import type { FacesWanted, LiveSystem } from '../../../src/live/live-system.js';
import { Hub } from '../../../src/server/hub.js';
import { TokenTable } from '../../../src/server/tokens.js';
import { collectingLogger } from '../../support/collecting-logger.js';
import { createFakeLiveSystem, type FakeLiveSystem } from '../../support/fake-live-system.js';
import { episode } from '../../support/record-builders.js';
import { recordingTelemetry } from '../../support/recording-telemetry.js';

/** The end of a WebSocket that the server has, without a network. */
class Socket extends EventEmitter {
  readonly bufferedAmount = 0;
  readonly told: { type: string; seq?: number; gap?: boolean }[] = [];

  send(data: Buffer | string): void {
    this.told.push(JSON.parse(data.toString()));
  }
  close(): void {
    this.emit('close');
  }
  terminate(): void {}
  ping(): void {}
  say(message: object): void {
    this.emit('message', Buffer.from(JSON.stringify(message)), false);
  }
}

describe('Hub', () => {
  let hub: Hub;
  let system: FakeLiveSystem;
  let wanted: FacesWanted[];
  const tokens = new TokenTable([]);

  function start(more: Partial<LiveSystem> = {}): void {
    const options = { telemetry: recordingTelemetry(), tokens, limits: DEFAULT_LIMITS, logger: collectingLogger() };
    hub = new Hub({ ...options, system: { ...system, ...more } });
  }
  function client(): Socket {
    const socket = new Socket();
    const request = { socket: new EventEmitter() } as unknown as IncomingMessage;
    hub.accept(socket as unknown as WebSocket, request, tokens.grantOf(null));
    socket.say({ type: 'hello', v: 1 });
    return socket;
  }
  const subscribe = (id: string, more: object) => ({ type: 'subscribe', id, sources: '*', kinds: ['faces'], ...more });

  beforeEach(() => {
    system = createFakeLiveSystem();
    wanted = [];
  });
  afterEach(() => hub.close());

  describe('what clients want of frames', () => {
    beforeEach(() => start({ want: (wants) => void wanted.push(wants) }));
    const now = (): unknown => {
      const { faces, landmarks } = wanted.at(-1)!;
      const list = (cameras: FacesWanted['faces']) => (cameras === '*' ? '*' : [...cameras].sort());
      return [list(faces), list(landmarks)];
    };

    it('is added up over their subscriptions, and over all of them', () => {
      const [first, second] = [client(), client()];
      first.say(subscribe('a', { sources: ['door'] }));
      expect(now()).toEqual([['door'], []]);
      second.say(subscribe('a', { sources: ['desk'], landmarks: '68' }));
      expect(now()).toEqual([['desk', 'door'], ['desk']]);
      second.say(subscribe('b', { sources: '*' }));
      expect(now()).toEqual(['*', ['desk']]);
      second.say({ type: 'unsubscribe', id: 'b' });
      expect(now()).toEqual([['desk', 'door'], ['desk']]);
      second.say(subscribe('a', { kinds: ['states'] }));
      expect(now()).toEqual([['door'], []]);
    });

    it('is nothing once they have left', () => {
      const [first, second] = [client(), client()];
      for (const each of [first, second]) each.say(subscribe('a', { landmarks: '468' }));
      first.close();
      expect(now()).toEqual(['*', '*']);
      second.close();
      expect(now()).toEqual([[], []]);
    });
  });

  it('a system that gives everything is not asked', () => {
    start();
    const one = client();
    one.say(subscribe('a', {}));
    expect(one.told.map(({ type }) => type)).toEqual(['welcome', 'subscribed']);
  });

  it('numbers that the system gives are those that clients see, and the epoch is its own', () => {
    start({ numbering: { epoch: '20260115', before: 40 } });
    const one = client();
    expect(one.told[0]).toMatchObject({ type: 'welcome', epoch: '20260115', seq: 40 });
    one.say(subscribe('a', { kinds: ['episodes'] }));
    const numbered = { seq: 43, atMs: Date.now() };
    system.emit({ type: 'episode', source: 'door', episode: episode({ source: 'door' }), wallTimeMs: 0, numbered });
    expect(one.told.at(-1)).toMatchObject({ type: 'episode', seq: 43 });
    const late = client();
    late.say(subscribe('a', { kinds: ['episodes'], resume: { epoch: '20260115', seq: 42 } }));
    expect(late.told.slice(1)).toMatchObject([
      { type: 'subscribed', gap: false },
      { type: 'episode', seq: 43 },
    ]);
    late.say(subscribe('b', { kinds: ['episodes'], resume: { epoch: '20260115', seq: 40 } }));
    expect(late.told.slice(3)).toMatchObject([
      { type: 'subscribed', gap: true },
      { type: 'episode', seq: 43 },
    ]);
  });
});
