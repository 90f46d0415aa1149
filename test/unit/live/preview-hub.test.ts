import { firstValueFrom, toArray } from 'rxjs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Preview } from '../../../src/domain/live.js';
import { PreviewHub } from '../../../src/live/preview-hub.js';
import { FrameLender, telemetryLog } from '../../support/live-frames.js';

const hub = () => new PreviewHub({ source: 'door', telemetry: telemetryLog().telemetry });
const options = { maxFps: 10, maxSidePx: 640, blurFaces: false };
const frameOf = (lender: FrameLender, nowMs: number) => ({
  frame: lender.lend({ widthPx: 800, heightPx: 600 }).lease.frame,
  nowMs,
  boxes: [],
});

describe('PreviewHub', () => {
  it('gives a JPEG of the asked size with the media time of its frame', async () => {
    const previews = hub();
    const first = firstValueFrom(previews.watch(options));
    const offered = frameOf(new FrameLender(), 0);
    previews.offer(offered);
    const preview = await first;
    expect(preview).toMatchObject({ source: 'door', ptsUs: offered.frame.ptsUs, widthPx: 640, heightPx: 480 });
    expect(await sharp(preview.jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 480 });
  });

  it('ten a second of thirty are every third frame', async () => {
    const previews = hub();
    const lender = new FrameLender();
    const seen: number[] = [];
    let next: (() => void) | undefined;
    previews.watch(options).subscribe(({ ptsUs }: Preview) => {
      seen.push(ptsUs / 40_000);
      next?.();
    });
    for (let index = 0; index < 9; index++) {
      const due = index % 3 === 0;
      const shown = new Promise<void>((resolve) => {
        next = resolve;
      });
      previews.offer(frameOf(lender, (index * 1000) / 30));
      if (due) await shown;
    }
    expect(seen).toEqual([0, 3, 6]);
  });

  it('completes when the camera goes', async () => {
    const previews = hub();
    const all = firstValueFrom(previews.watch(options).pipe(toArray()));
    previews.close();
    expect(await all).toEqual([]);
  });

  it('a face lost a moment ago stays hidden', async () => {
    const lender = new FrameLender();
    const noisy = () => {
      const frame = lender.lend({ widthPx: 320, heightPx: 240 }).lease.frame;
      for (let i = 0; i < 320 * 240; i++) frame.data[i] = 16 + ((i * 7919) % 220);
      return frame;
    };
    const box = { space: 'frame', left: 100, top: 60, right: 200, bottom: 160 } as const;
    const spread = async (boxesNow: readonly (typeof box)[]) => {
      const previews = hub();
      previews.offer({ frame: noisy(), nowMs: 0, boxes: [box] });
      const shown = firstValueFrom(previews.watch({ ...options, blurFaces: true }));
      previews.offer({ frame: noisy(), nowMs: 500, boxes: boxesNow });
      const { jpeg } = await shown;
      const region = { left: 120, top: 80, width: 12, height: 12 };
      const pixels = await sharp(jpeg).extract(region).greyscale().raw().toBuffer();
      return Math.max(...pixels) - Math.min(...pixels);
    };
    expect(await spread([])).toBeLessThan(40);
    expect(await spread([])).toBeCloseTo(await spread([box]), 5);
  });
});
