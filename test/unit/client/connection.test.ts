import { describe, expect, it } from 'vitest';
import { SubscriptionState } from '../../../src/client/subscription-state.js';
import type { SubscriptionMessage } from '../../../src/client/types.js';
import { socketUrl } from '../../../src/client/web-socket.js';
import { backoffMs } from '../../../src/domain/backoff.js';

describe('socketUrl', () => {
  it.each([
    ['http://127.0.0.1:7420', 'ws://127.0.0.1:7420/ws'],
    ['https://wall.example/', 'wss://wall.example/ws'],
    ['wss://wall.example/mien/ws', 'wss://wall.example/mien/ws'],
    ['http://[::1]:7420/#a', 'ws://[::1]:7420/ws'],
  ])('%s is %s', (given, expected) => {
    expect(socketUrl(given)).toBe(expected);
  });

  it.each(['', 'wall', 'ftp://wall', 'file:///a'])('%j is none', (given) => {
    expect(() => socketUrl(given)).toThrow(TypeError);
  });
});

describe('backoffMs', () => {
  it.each([
    [0, 1, 250],
    [0, 0, 125],
    [3, 1, 2000],
    [5, 1, 8000],
    [6, 1, 10_000],
    [1000, 0.5, 7500],
  ])('attempt %s with random %s: %s', (attempt, random, expected) => {
    expect(backoffMs(attempt, { firstMs: 250, longestMs: 10_000, random })).toBe(expected);
  });
});

describe('SubscriptionState', () => {
  const start = { epoch: 'e', seq: 7 };
  it('resumes where it was told last, and only what can be', () => {
    const durable = new SubscriptionState('s1', { kinds: ['faces', 'episodes'] }, () => {});
    expect(durable.subscribeMessage(start)).toMatchObject({ sources: '*', resume: { epoch: 'e', seq: 7 } });
    durable.told('e', 9);
    expect(durable.subscribeMessage({ epoch: 'f', seq: 1 })).toMatchObject({ resume: { epoch: 'e', seq: 9 } });
    const frames = new SubscriptionState('s2', { kinds: ['faces'] }, () => {});
    expect(frames.subscribeMessage(start)).not.toHaveProperty('resume');
  });

  it.each<[object, boolean]>([
    [{ type: 'episode', source: 'door' }, true],
    [{ type: 'episode', source: 'desk' }, false],
    [{ type: 'state', state: { id: 'door' } }, true],
    [{ type: 'state', state: { id: 'desk' } }, false],
    [{ type: 'faces', source: 'door' }, false],
    [{ type: 'preview', source: 'door', id: 's1' }, true],
    [{ type: 'preview', source: 'door', id: 's2' }, false],
    [{ type: 'stats' }, true],
  ])('wants %j: %s', (message, expected) => {
    const kinds: ('episodes' | 'states' | 'stats' | 'preview')[] = ['episodes', 'states', 'stats', 'preview'];
    const state = new SubscriptionState('s1', { sources: ['door'], kinds }, () => {});
    expect(state.wants(message as SubscriptionMessage)).toBe(expected);
  });
});
