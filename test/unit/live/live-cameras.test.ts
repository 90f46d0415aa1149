import { EMPTY, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { AffectError } from '../../../src/domain/errors.js';
import type { LiveEvent, LiveWriting } from '../../../src/domain/live.js';
import { micros } from '../../../src/domain/units.js';
import { LiveCameras, type LiveCamerasOptions } from '../../../src/live/live-cameras.js';
import { insightEvidence } from '../../../src/mllm/evidence.js';
import type { AnsweredInsight, KeyframeSink } from '../../../src/mllm/keyframe-sink.js';
import type { FramePipeline } from '../../../src/pipeline/face-pipeline.js';
import { insightOf, weighedIn } from '../../support/insight-builder.js';
import { cameraConfig, HeldPipeline, nothingTried, ScriptedFeed, telemetryLog } from '../../support/live-frames.js';
import { LIVE_INFO } from '../../support/live-info.js';

function system(
  maxCameras = 2,
  preview: Partial<LiveCamerasOptions['preview']> = {},
  keyframes: KeyframeSink | null = null,
  weighIn: FramePipeline['weighIn'] = () => null,
) {
  const { telemetry, lines } = telemetryLog();
  const errors: unknown[] = [];
  const feeds = new Map<string, ScriptedFeed>();
  const cameras = new LiveCameras({
    info: LIVE_INFO,
    maxCameras,
    retainEpisodes: { ms: 60_000, count: 100 },
    preview: { enabled: true, maxFps: 10, maxSidePx: 640, blurFaces: false, ...preview },
    check: async (config, origin) => {
      if (origin === 'request' && config.input.type === 'file') {
        throw new AffectError('CONFIG_INVALID', 'no files by request');
      }
    },
    telemetry,
    keyframes,
    openSource: nothingTried,
    openFeed: (config) => {
      const feed = new ScriptedFeed(config);
      feeds.set(config.id, feed);
      return feed;
    },
    createPipeline: () => Object.assign(new HeldPipeline(), { weighIn }),
    redact: (config) => ({ ...config, name: 'redacted' }),
    lanes: () => ({ count: 2, restarts: 1 }),
    clients: () => 3,
    onError: (_source, error) => errors.push(error),
  });
  const events: LiveEvent[] = [];
  cameras.events.subscribe((event) => events.push(event));
  return { cameras, feeds, events, lines, errors };
}

describe('LiveCameras', () => {
  it('tells and keeps insights of cameras there are, and forgets a camera that goes', async () => {
    const insights = new Subject<AnsweredInsight>();
    const writings = new Subject<LiveWriting>();
    const gone: string[] = [];
    const { cameras, events } = system(
      2,
      {},
      {
        insights,
        writings,
        offer: () => undefined,
        ended: () => undefined,
        endSource: (source) => gone.push(source),
      },
    );
    await cameras.addCamera(cameraConfig('door'));
    const of = (source: string): AnsweredInsight => ({
      source,
      insight: insightOf({ source }),
      evidence: null,
      evidenceJpeg: null,
      wallTimeMs: Date.now(),
    });
    insights.next(of('door'));
    insights.next(of('cellar'));
    for (const source of ['door', 'cellar']) {
      const { track, ptsUs, task, emotion } = insightOf();
      writings.next({ source, track, ptsUs, task, emotion, text: 'A smi', wallTimeMs: 0 });
    }
    expect(events.flatMap((event) => (event.type === 'writing' ? [event.source] : []))).toEqual(['door']);
    expect(events.flatMap((event) => (event.type === 'insight' ? [event.source] : []))).toEqual(['door']);
    expect(cameras.recentInsights({}).map(({ source }) => source)).toEqual(['door']);
    await cameras.removeCamera('door');
    expect(gone).toEqual(['door']);
    expect(cameras.recentInsights({})).toEqual([]);
    await cameras.close();
    expect([insights.observed, writings.observed]).toEqual([false, false]);
  });

  it('weighs an insight in where it belongs before it tells it, and counts what came of it', async () => {
    const insights = new Subject<AnsweredInsight>();
    const given: string[] = [];
    const { cameras, events, lines, errors } = system(
      2,
      {},
      { insights, writings: EMPTY, offer: () => undefined, ended: () => undefined, endSource: () => undefined },
      ({ trackId, weight, ptsUs }) => {
        given.push(
          `${trackId} at ${ptsUs} for ${weight}, told before: ${events.some(({ type }) => type === 'insight')}`,
        );
        if (trackId === 9) throw new Error('broken');
        return trackId === 1 ? weighedIn() : weighedIn({ outcome: 'refused', reason: 'unknown-track' });
      },
    );
    await cameras.addCamera(cameraConfig('door'));
    const answer = (track: number, more: Partial<AnsweredInsight> = {}): void => {
      const insight = insightOf({ source: 'door', track, ptsUs: micros(2e6) });
      const evidence = insightEvidence(insight);
      insights.next({ source: 'door', insight, evidence, evidenceJpeg: null, wallTimeMs: Date.now(), ...more });
    };
    answer(1);
    expect(given).toEqual(['1 at 2000000 for 0.3, told before: false']);
    answer(2);
    answer(9);
    answer(1, { evidence: null });
    const told = events.flatMap((event) => (event.type === 'insight' ? [event] : []));
    expect(told.map(({ fusion }) => fusion && (fusion.reason ?? fusion.outcome))).toEqual([
      'accepted',
      'unknown-track',
      null,
      null,
    ]);
    expect(told.some((event) => 'evidence' in event)).toBe(false);
    expect(lines.filter((line) => line.startsWith('mllmFused'))).toEqual([
      'mllmFused "accepted"',
      'mllmFused "unknown-track"',
    ]);
    expect(errors).toEqual([new Error('broken')]);
    expect(cameras.recentInsights({})[3]!.fusion).toEqual(weighedIn());
    await cameras.close();
  });

  it('adds, replaces and removes cameras, each told as an event', async () => {
    const { cameras, feeds, events } = system();
    expect(await cameras.addCamera(cameraConfig('door'))).toMatchObject({ id: 'door', status: 'starting' });
    const first = feeds.get('door')!;
    await cameras.replaceCamera(cameraConfig('door', { maxFps: 5 }));
    expect(first.stops).toBe(1);
    await cameras.removeCamera('door');
    expect(cameras.cameras()).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['state', 'silent', 'removed', 'state', 'silent', 'removed']);
    await cameras.close();
  });

  it('refuses what cannot be', async () => {
    const { cameras } = system(1);
    await cameras.addCamera(cameraConfig('door'));
    await expect(cameras.addCamera(cameraConfig('door'))).rejects.toMatchObject({ code: 'CAMERA_EXISTS' });
    await expect(cameras.addCamera(cameraConfig('yard'))).rejects.toMatchObject({ code: 'CAMERA_LIMIT' });
    await expect(cameras.removeCamera('yard')).rejects.toMatchObject({ code: 'CAMERA_UNKNOWN' });
    await expect(cameras.replaceCamera(cameraConfig('yard'))).rejects.toMatchObject({ code: 'CAMERA_UNKNOWN' });
    expect(() => cameras.latestFaces('yard')).toThrow('there is no camera yard');
    expect(cameras.cameras()).toHaveLength(1);
    await cameras.close();
  });

  it('checks every camera before it is opened, by who asked for it', async () => {
    const { cameras, feeds } = system();
    const file = cameraConfig('door', { input: { type: 'file', path: 'a.mp4', loop: true } });
    await expect(cameras.addCamera(file)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(cameras.cameras()).toEqual([]);
    await cameras.addCamera(file, 'configuration');
    const other = { ...file, input: { ...file.input, path: 'other.mp4' } as typeof file.input };
    await expect(cameras.replaceCamera(other)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(feeds.get('door')!.stops).toBe(0);
    await cameras.close();
  });

  it('shows no pictures when they are switched off', async () => {
    const { cameras } = system(1, { enabled: false });
    await cameras.addCamera(cameraConfig('door'));
    expect(await cameras.snapshot('door', { blurFaces: false })).toBeNull();
    await cameras.close();
  });

  it('takes what a camera opens as it was, whoever asked for it, when a request repeats it', async () => {
    const { cameras, feeds } = system();
    const input = { type: 'file', path: 'a.mp4', loop: true } as const;
    await cameras.addCamera(cameraConfig('door', { input }), 'configuration');
    await cameras.replaceCamera(cameraConfig('door', { input: { ...input, loop: false }, maxFps: 5 }));
    expect(cameras.ownConfig('door')).toMatchObject({ input: { path: 'a.mp4', loop: false }, maxFps: 5 });
    const other = cameraConfig('door', { input: { ...input, path: 'b.mp4' } });
    await expect(cameras.replaceCamera(other)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(feeds.get('door')!.stops).toBe(0);
    await cameras.close();
  });

  it('shows configurations only redacted', async () => {
    const { cameras } = system();
    await cameras.addCamera(cameraConfig('door'));
    expect(cameras.cameraConfig('door')).toMatchObject({ id: 'door', name: 'redacted' });
    expect(cameras.cameraConfig('yard')).toBeUndefined();
    await cameras.close();
  });

  it('takes pictures for push cameras only', async () => {
    const { cameras, feeds } = system();
    await cameras.addCamera(cameraConfig('phone'));
    await cameras.addCamera(
      cameraConfig('door', { input: { type: 'file', path: 'a.mp4', loop: true } }),
      'configuration',
    );
    cameras.pushFrame('phone', new Uint8Array([1, 2]));
    expect(feeds.get('phone')!.pushed).toHaveLength(1);
    expect(() => cameras.pushFrame('door', new Uint8Array())).toThrow(/does not accept pictures/);
    await cameras.close();
  });

  it('is ready when every camera was tried', async () => {
    const { cameras, feeds } = system();
    expect(cameras.ready()).toBe(true);
    await cameras.addCamera(
      cameraConfig('door', { input: { type: 'rtsp', url: 'rtsp://192.0.2.7/live', transport: 'tcp' } }),
    );
    expect(cameras.ready()).toBe(false);
    feeds.get('door')!.handlers!.onEnd({ reason: 'unreachable', message: '' });
    expect(cameras.ready()).toBe(true);
    await cameras.close();
    expect(cameras.ready()).toBe(false);
  });

  it('tells the process beside the cameras', async () => {
    const { cameras } = system();
    await cameras.addCamera(cameraConfig('door'));
    const stats = cameras.stats();
    expect(stats).toMatchObject({ lanes: 2, laneRestarts: 1, clients: 3 });
    expect(stats.rssBytes).toBeGreaterThan(1e6);
    expect(stats.cameras.map(({ id }) => id)).toEqual(['door']);
    await cameras.close();
  });

  it('close stops every camera, completes the events, and is idempotent', async () => {
    const { cameras, feeds } = system();
    await cameras.addCamera(cameraConfig('door'));
    let completed = false;
    cameras.events.subscribe({ complete: () => (completed = true) });
    await Promise.all([cameras.close(), cameras.close()]);
    expect(feeds.get('door')!.stops).toBe(1);
    expect(completed).toBe(true);
    await expect(cameras.addCamera(cameraConfig('yard'))).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
