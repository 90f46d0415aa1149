import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { stopOnSignals, whileStoppable } from '../../../src/cli/stop-on-signals.js';

function fakeHost() {
  const emitter = new EventEmitter();
  const told: string[] = [];
  let nowMs = 0;
  let deadline: () => void = () => undefined;
  return {
    told,
    emitter,
    pass: (ms: number) => {
      nowMs += ms;
    },
    expire: () => deadline(),
    on: (signal: string, listener: () => void) => emitter.on(signal, listener),
    off: (signal: string, listener: () => void) => emitter.off(signal, listener),
    exit: (code: number) => told.push(`exit ${code}`),
    say: (line: string) => told.push(line),
    guard: (ms: number) => {
      told.push(`guard ${ms}`);
      return () => told.push('hasten');
    },
    now: () => nowMs,
    after: (_ms: number, callback: () => void) => {
      deadline = callback;
    },
  };
}

describe('signals that stop', () => {
  it.each(['SIGINT', 'SIGTERM'])('%s stops in order, a second one at once with a line that says so', (signal) => {
    const host = fakeHost();
    const stopper = stopOnSignals(host);
    host.emitter.emit(signal);
    expect(stopper.signal.reason).toMatchObject({ code: 'INTERRUPTED' });
    expect(host.told).toEqual(['guard 4900']);
    host.pass(400);
    host.emitter.emit('SIGINT');
    expect(host.told.slice(1)).toEqual(['told to stop again; stopped at once', 'hasten', 'exit 130']);
  });

  it('takes one press of Ctrl-C that npm passes on for one', () => {
    const host = fakeHost();
    stopOnSignals(host);
    host.emitter.emit('SIGINT');
    host.pass(20);
    host.emitter.emit('SIGINT');
    expect(host.told).toEqual(['guard 4900']);
  });

  it('ends with STOP_FORCED at the deadline', () => {
    const host = fakeHost();
    stopOnSignals(host).stop();
    host.expire();
    expect(host.told.at(-1)).toBe('exit 18');
    expect(host.told.join()).toMatch(/longer than 5 s/);
  });

  it('leaves nothing behind when released', () => {
    const host = fakeHost();
    stopOnSignals(host).release();
    expect(host.emitter.eventNames()).toEqual([]);
  });
});

describe('whileStoppable', () => {
  it('stops what it runs at a signal, and leaves nothing behind', async () => {
    const host = fakeHost();
    const ended = whileStoppable(async ({ signal }) => {
      host.emitter.emit('SIGTERM');
      return signal.aborted;
    }, host);
    expect(await ended).toBe(true);
    expect(host.emitter.eventNames()).toEqual([]);
  });

  it('leaves nothing behind when what it runs fails, at once or later', async () => {
    const host = fakeHost();
    const fails = [
      () => {
        throw new Error('no model');
      },
      () => Promise.reject(new Error('no model')),
    ];
    for (const fail of fails) await expect(whileStoppable(fail, host)).rejects.toThrow('no model');
    expect(host.emitter.eventNames()).toEqual([]);
  });
});
