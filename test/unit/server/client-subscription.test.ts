import { Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Subscribe } from '../../../src/protocol/messages.js';
import { ClientSubscription } from '../../../src/server/client-subscription.js';
import type { CameraChoice } from '../../../src/server/tokens.js';
import { WantedCameras } from '../../../src/server/wanted-cameras.js';

const subscription = (more: Partial<Subscribe> = {}, seen: CameraChoice = null): ClientSubscription =>
  new ClientSubscription(
    { type: 'subscribe', id: 'a', sources: '*', kinds: ['faces'], landmarks: 'none', ...more },
    seen,
  );

/** Frames sent of one second of video. */
function sent(fps: number, maxRateHz: number, jitterMs = 0): number {
  const made = subscription({ maxRateHz });
  let count = 0;
  for (let frame = 0; frame < fps; frame++) {
    if (made.due('door', (frame * 1000) / fps + (frame % 2) * jitterMs)) count++;
  }
  return count;
}

describe('ClientSubscription', () => {
  it.each([
    [30, 10, 0, 10],
    [30, 10, 4, 10],
    [30, 20, 0, 20],
    [25, 12.5, 0, 13],
    [30, 60, 0, 30],
    [30, 1, 0, 1],
  ])('of %s frames a second at most %s, jitter %s ms: %s are sent', (fps, rate, jitter, expected) => {
    expect(sent(fps, rate, jitter)).toBe(expected);
  });

  it('does not make up for a pause', () => {
    const made = subscription({ maxRateHz: 10 });
    expect(made.due('door', 0)).toBe(true);
    const after = [5000, 5001, 5050, 5100].map((ms) => made.due('door', ms));
    expect(after).toEqual([true, false, false, true]);
  });

  it('counts cameras apart', () => {
    const made = subscription({ maxRateHz: 1 });
    expect([made.due('door', 0), made.due('desk', 0), made.due('door', 1)]).toEqual([true, true, false]);
  });

  it.each([
    ['*', 'faces', 'door', true],
    ['*', 'stats', 'door', false],
    [['desk'], 'faces', 'door', false],
    [['desk', 'door'], 'faces', 'door', true],
  ] as const)('for %s: %s of %s', (sources, kind, source, expected) => {
    const made = subscription({ sources: sources === '*' ? '*' : [...sources] });
    expect(made.wants(kind, source)).toBe(expected);
  });

  it.each<[string, Partial<Subscribe>, CameraChoice, unknown, unknown]>([
    ['all', {}, null, '*', []],
    ['all with landmarks', { landmarks: '68' }, null, '*', '*'],
    ['some', { sources: ['door', 'desk'] }, null, ['door', 'desk'], []],
    ['all that its token is for', { landmarks: '468' }, new Set(['door']), ['door'], ['door']],
    ['of some those that its token is for', { sources: ['door', 'desk'] }, new Set(['door', 'yard']), ['door'], []],
    ['no frames', { kinds: ['episodes', 'preview'], landmarks: '68' }, null, [], []],
  ])('wants frames of %s', (_, more, seen, faces, landmarks) => {
    const wanted = { faces: new WantedCameras(), landmarks: new WantedCameras() };
    subscription(more, seen).addWants(wanted);
    const list = ({ cameras }: WantedCameras) => (cameras === '*' ? '*' : [...cameras]);
    expect([list(wanted.faces), list(wanted.landmarks)]).toEqual([faces, landmarks]);
  });

  it('opens one picture feed for each camera it wants, again after it ended, and ends them all', () => {
    const made = subscription({ kinds: ['preview'], sources: ['door', 'desk'] });
    const opened: string[] = [];
    const ends: (() => void)[] = [];
    let closed = 0;
    const open = (source: string, _: object, onEnd: () => void) => {
      opened.push(source);
      ends.push(onEnd);
      return new Subscription(() => closed++);
    };
    made.openPreviews(['door', 'yard'], open);
    made.openPreviews(['door', 'desk'], open);
    expect(opened).toEqual(['door', 'desk']);
    ends[0]!();
    made.openPreviews(['door', 'desk'], open);
    expect(opened).toEqual(['door', 'desk', 'door']);
    made.close();
    expect(closed).toBe(2);
  });
});
