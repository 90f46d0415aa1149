import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import type { Box } from '../../../src/domain/face.js';
import type { KeptPictureSettings } from '../../../src/domain/keeping.js';
import type { Preview } from '../../../src/domain/live.js';
import type { RuleAction } from '../../../src/domain/rules.js';
import { micros } from '../../../src/domain/units.js';
import { instantText, localDay } from '../../../src/keeping/kept-names.js';
import { CLOSE_MS, PictureKeeper } from '../../../src/keeping/picture-keeper.js';
import { PictureRing } from '../../../src/keeping/picture-ring.js';
import { cameraState } from '../../support/camera-state.js';
import {
  DAY_MS,
  filesBelow,
  firingAtNoon,
  frameAt,
  keepSettings,
  MINUTE_MS,
  NOON_MS,
} from '../../support/keeping-world.js';
import { ManualClock } from '../../support/manual-clock.js';
import { recordingTelemetry } from '../../support/recording-telemetry.js';
import { ruleOf } from '../../support/rule-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const SIZE = { widthPx: 64, heightPx: 48 } as const;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A black and white chequerboard: what is hidden becomes grey. */
const chequer = async (): Promise<Uint8Array> => {
  const { widthPx: width, heightPx: height } = SIZE;
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++)
    data.fill((at + Math.floor(at / width)) % 2 === 0 ? 255 : 0, at * 3, at * 3 + 3);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
};
const CHEQUER = await chequer();

/** How much neighbours differ around a pixel, 0..255. */
async function contrastAt(path: string, x: number, y: number): Promise<number> {
  const { data, info } = await sharp(path).greyscale().raw().toBuffer({ resolveWithObject: true });
  const at = y * info.width + x;
  return Math.abs(data[at]! - data[at + 1]!);
}

function world(pictures: Partial<KeptPictureSettings> = {}, actions: readonly RuleAction[] = [{ type: 'snapshot' }]) {
  const place = folder();
  const clock = new ManualClock();
  const telemetry = recordingTelemetry();
  const log: string[] = [];
  const previews = new Subject<Preview>();
  const asked: unknown[] = [];
  const settings = keepSettings(place);
  const keeper = new PictureKeeper({
    settings: { ...settings, pictures: { ...settings.pictures, ...pictures } },
    rules: [ruleOf({ actions, cameras: ['door'] })],
    previews: (source, options) => {
      asked.push([source, options]);
      return previews;
    },
    health: { recording: true, failed: () => undefined },
    clock,
    telemetry,
    logger: { warn: (line) => log.push(line) },
  });
  closers.push(() => keeper.close());
  const state = (id: string) => keeper.take({ type: 'state', state: cameraState(id) });
  const show = (seconds: number) =>
    previews.next({ source: 'door', ptsUs: micros(seconds * 1e6), ...SIZE, jpeg: CHEQUER });
  const see = (seconds: number, box: Omit<Box<'frame'>, 'space'>) =>
    keeper.take({
      ...frameAt(NOON_MS, 'door', { ptsUs: micros(seconds * 1e6), box: { space: 'frame', ...box } }),
      ...SIZE,
    } as never);
  const fired = (seconds: number) => firingAtNoon({ firedUs: micros(seconds * 1e6) });
  return { place, keeper, clock, telemetry, log, previews, asked, state, show, see, fired };
}
const NAME = `door/${localDay(NOON_MS)}/${instantText(NOON_MS)}-smiles`;

describe('pictures of rules', () => {
  it('watches only cameras that a rule wants pictures of, with faces hidden', () => {
    const { state, asked, keeper, previews } = world();
    for (const id of ['yard', 'door', 'door']) state(id);
    expect(asked).toEqual([['door', { maxFps: 5, maxSidePx: 640, blurFaces: true }]]);
    keeper.take({ type: 'removed', source: 'door' });
    expect(previews.observed).toBe(false);
    const idle = world({}, [{ type: 'log' }]);
    idle.state('door');
    expect(idle.asked).toEqual([]);
  });

  it('hides a face where it is found up to a second later, and is nothing of elsewhere', async () => {
    const { place, keeper, telemetry, state, show, see, fired } = world();
    state('door');
    show(1);
    keeper.keep('snapshot', fired(1));
    see(1.8, { left: 8, top: 8, right: 20, bottom: 20 });
    for (const seconds of [2, 3]) show(seconds);
    await telemetry.reached('keptPicture door snapshot kept');
    expect(filesBelow(place)).toEqual([`${NAME}.jpg`]);
    expect(await contrastAt(join(place, `${NAME}.jpg`), 13, 13)).toBeLessThan(20);
    expect(await contrastAt(join(place, `${NAME}.jpg`), 55, 40)).toBeGreaterThan(100);
  });

  it('hides nothing where that is configured', async () => {
    const { place, keeper, telemetry, state, show, see, fired, asked } = world({ blur: false });
    state('door');
    see(1, { left: 8, top: 8, right: 20, bottom: 20 });
    show(1);
    keeper.keep('snapshot', fired(1));
    for (const seconds of [2, 3]) show(seconds);
    await telemetry.reached('keptPicture door snapshot kept');
    expect(asked).toEqual([['door', expect.objectContaining({ blurFaces: false })]]);
    expect(await contrastAt(join(place, `${NAME}.jpg`), 13, 13)).toBeGreaterThan(100);
  });

  it('keeps a clip from before to after, and what there is of it when the camera goes away', async () => {
    const { place, keeper, clock, telemetry, state, show, fired } = world({ beforeMs: 1_000, afterMs: 2_000 });
    state('door');
    for (const seconds of [1, 2, 3, 4]) show(seconds);
    keeper.keep('clip', fired(4));
    show(5);
    await clock.advance(5_000);
    await telemetry.reached('keptPicture door clip kept');
    expect(filesBelow(place)).toEqual([`${NAME}.mp4`]);
  });

  it('of trouble at a camera keeps what was seen last; of nothing, nothing', async () => {
    const { keeper, clock, telemetry, state, show } = world();
    state('door');
    keeper.keep('snapshot', firingAtNoon({ firedUs: null }));
    await clock.advance(5_000);
    await telemetry.reached('keptPicture door snapshot failed');
    show(1);
    keeper.keep('snapshot', firingAtNoon({ firedUs: null }));
    await clock.advance(5_000);
    await telemetry.reached('keptPicture door snapshot kept');
  });

  it('gives up what is gathered of a time that is deleted', async () => {
    const { place, keeper, clock, state, show, fired, previews } = world();
    state('door');
    show(1);
    keeper.keep('snapshot', fired(1));
    keeper.forget({ source: 'door', fromMs: NOON_MS - MINUTE_MS, toMs: NOON_MS + DAY_MS });
    expect(previews.observed).toBe(false);
    await clock.advance(10_000);
    await keeper.close();
    expect(filesBelow(place)).toEqual([]);
  });

  it('takes so many at once and no more', () => {
    const { keeper, telemetry, state, show, fired } = world();
    state('door');
    show(1);
    for (let count = 0; count < 40; count++) keeper.keep('snapshot', fired(1));
    expect(telemetry.counts.get('keptPicture door snapshot failed')).toBe(8);
    keeper.forget({ source: 'door', fromMs: 0, toMs: NOON_MS + DAY_MS });
  });

  it('has an end when mien stops: what is being written ends there, and what waits is given up', async () => {
    const { place, keeper, clock, telemetry, state, show, fired } = world({ beforeMs: 60_000 }, [{ type: 'record' }]);
    state('door');
    for (let at = 0; at < 200; at++) show(at / 5);
    for (let count = 0; count < 3; count++) keeper.keep('clip', fired(39));
    const closed = keeper.close();
    await clock.advance(CLOSE_MS);
    await closed;
    expect(telemetry.counts.get('keptPicture door clip failed')).toBe(3);
    expect(filesBelow(place)).toEqual([]);
  });

  it('says so when a picture cannot be written, and leaves nothing', async () => {
    const { place, keeper, telemetry, log, state, show, fired } = world();
    writeFileSync(join(place, 'door'), 'in the way');
    state('door');
    show(1);
    keeper.keep('snapshot', fired(1));
    for (const seconds of [2, 3]) show(seconds);
    await telemetry.reached('keptPicture door snapshot failed');
    expect(log).toEqual([expect.stringMatching(/^camera door: the snapshot of rule smiles could not be kept: /)]);
    expect(filesBelow(place)).toEqual(['door']);
  });
});

describe('PictureRing', () => {
  const picture = (seconds: number, bytes = 10): Preview => ({
    source: 'door',
    ptsUs: micros(seconds * 1e6),
    ...SIZE,
    jpeg: new Uint8Array(bytes),
  });
  it('holds so many seconds, and so many bytes', () => {
    const ring = new PictureRing({ keepUs: 2e6, seenUs: 2e6, maxBytes: 100 });
    for (let second = 0; second < 10; second++) ring.add(picture(second));
    expect(ring.pictures.map(({ ptsUs }) => ptsUs / 1e6)).toEqual([7, 8, 9]);
    ring.add(picture(9.5, 85));
    expect(ring.pictures.map(({ ptsUs }) => ptsUs / 1e6)).toEqual([9, 9.5]);
    expect(ring.bytes).toBe(95);
    ring.add(picture(9.6, 200));
    expect(ring.pictures).toEqual([]);
  });
});
