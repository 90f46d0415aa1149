import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Watchdog } from '../../../src/source/watchdog.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('barks once, after silence only', () => {
  const onSilence = vi.fn();
  const watchdog = new Watchdog({ silenceMs: 100, onSilence });
  vi.advanceTimersByTime(99);
  watchdog.feed();
  vi.advanceTimersByTime(99);
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  vi.advanceTimersByTime(1_000);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

test('rests until fed again', () => {
  const onSilence = vi.fn();
  const watchdog = new Watchdog({ silenceMs: 100, onSilence });
  watchdog.rest();
  vi.advanceTimersByTime(1_000);
  expect(onSilence).not.toHaveBeenCalled();
  watchdog.feed();
  vi.advanceTimersByTime(100);
  expect(onSilence).toHaveBeenCalledTimes(1);
});
