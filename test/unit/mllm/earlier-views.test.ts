import { describe, expect, it } from 'vitest';
import type { Episode } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { EarlierViews } from '../../../src/mllm/earlier-views.js';
import type { Patch } from '../../../src/mllm/patch.js';
import { episode } from '../../support/record-builders.js';

const BOTH = { onset: true, clip: true };

function world() {
  const views = new EarlierViews();
  let copied = 0;
  /** A track is seen at a second; its patch is as wide as the millisecond. */
  const see = (seconds: number, wanted = BOTH, track = 1): void =>
    views.see(
      {
        source: 'door',
        track,
        ptsUs: micros(seconds * 1e6),
        view: () => {
          copied += 1;
          return { planes: { widthPx: Math.round(seconds * 1000) } } as Patch;
        },
      },
      wanted,
    );
  const tell = (phase: Episode['phase'], more: Partial<Episode> = {}): void =>
    views.episode(episode({ id: 'e1', source: 'door', track: 1, phase, ...more }));
  const at = (seconds: number, episodeId: string | null = 'e1', track = 1) => {
    const { onset, clip } = views.of({ source: 'door', track, ptsUs: micros(seconds * 1e6) }, episodeId);
    return { onset: onset?.planes.widthPx ?? null, clip: clip.map(({ planes }) => planes.widthPx) };
  };
  return { views, see, tell, at, copied: () => copied };
}

describe('EarlierViews', () => {
  it('has the face when its episode began, until the episode ends', () => {
    const { see, tell, at } = world();
    see(0);
    tell('new');
    see(1);
    tell('update');
    see(2);
    expect(at(2).onset).toBe(1000);
    expect(at(2, 'another').onset).toBeNull();
    expect(at(2, 'e1', 2).onset).toBeNull();
    tell('end');
    expect(at(2).onset).toBeNull();
  });

  it('has at most three moments of the last second, a quarter of a second apart', () => {
    const { see, at } = world();
    for (let frame = 0; frame <= 50; frame++) see(frame / 25);
    expect(at(2).clip).toEqual([1120, 1400, 1680]);
  });

  it('copies nothing that no question wants, and nothing of a blink', () => {
    const { see, tell, copied } = world();
    tell('new', { kind: 'blink' });
    for (let frame = 0; frame <= 50; frame++) see(frame / 25, { onset: true, clip: false });
    expect(copied()).toBe(0);
  });

  it('forgets tracks that were not seen for long, many tracks, and a camera that ends', () => {
    const { views, see, tell, at } = world();
    tell('new');
    see(0);
    see(6);
    expect(at(6).onset).toBeNull();
    for (let track = 1; track <= 40; track++) see(7, BOTH, track);
    expect([at(7.5, null, 1).clip, at(7.5, null, 40).clip]).toEqual([[], [7000]]);
    views.endSource('door');
    expect(at(7.5, null, 40).clip).toEqual([]);
  });
});
