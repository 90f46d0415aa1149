import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { micros } from '../../../../src/domain/units.js';
import { createPushSource } from '../../../../src/source/camera/push-source.js';
import { rgbToYuv420p } from '../../../../src/source/camera/rgb-to-yuv.js';
import { cameraConfig, TURNED, watchRun } from '../../../support/live-watch.js';

const jpeg = (width: number, height: number, colour = '#ff0000') =>
  sharp({ create: { width, height, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();

function setUp(changes = {}, poolSlots = 4) {
  const source = createPushSource(cameraConfig({ type: 'push' }, changes), { poolSlots });
  return { source, ...watchRun(source, micros(1_000)) };
}

test('a picture becomes a frame', async () => {
  const { source, watch, opened, stop } = setUp({ maxSidePx: 64 });
  source.push(await jpeg(128, 96, '#ffffff'));
  await watch.more(1);
  expect(opened).toEqual([{ widthPx: 64, heightPx: 48, codec: 'mjpeg', decoder: 'none', decoderProblem: null }]);
  expect(watch.frames[0]).toMatchObject({ index: 0, ptsUs: 1_000, widthPx: 64, heightPx: 48, meanLuma: 235 });
  source.push(await jpeg(128, 96, '#000000'));
  await watch.more(1);
  expect(watch.frames[1]).toMatchObject({ index: 1, meanLuma: 16 });
  expect(watch.frames[1]!.ptsUs).toBeGreaterThan(1_000);
  expect(await stop()).toMatchObject({ reason: 'stopped' });
});

test.each(TURNED)('a picture is turned by $rotate degrees, clockwise', async ({ rotate, ...turned }) => {
  const white = { input: await jpeg(64, 16, '#ffffff'), top: 0, left: 0 };
  const picture = await sharp(await jpeg(64, 48, '#000000'))
    .composite([white])
    .jpeg()
    .toBuffer();
  const { source, watch, stop } = setUp({ rotate });
  source.push(picture);
  await watch.more(1);
  expect(watch.frames[0]).toMatchObject(turned);
  await stop();
});

test('the newest wins while one is decoded', async () => {
  const { source, watch, stop } = setUp();
  const [white, grey, black] = await Promise.all([
    jpeg(64, 48, '#ffffff'),
    jpeg(64, 48, '#808080'),
    jpeg(64, 48, '#000000'),
  ]);
  source.push(white);
  for (let n = 0; n < 5; n++) source.push(grey);
  source.push(black);
  await watch.more(2);
  expect(watch.frames.map(({ meanLuma }) => meanLuma)).toEqual([235, 16]);
  expect(watch.drops).toEqual({ superseded: 5 });
  await stop();
});

describe('what is no picture, or too large, is counted and does no harm', () => {
  const bomb = () =>
    sharp({ create: { width: 5_000, height: 16, channels: 3, background: '#000' } })
      .jpeg()
      .toBuffer();
  test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
    ['nothing', () => new Uint8Array(0)],
    ['text', () => Buffer.from('GET / HTTP/1.1')],
    [
      'a PNG',
      () =>
        sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
          .png()
          .toBuffer(),
    ],
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>')],
    ['a JPEG cut off', async () => (await jpeg(200, 200)).subarray(0, 300)],
    ['only a beginning', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
    ['over 4096 pixels a side', bomb],
    ['a header that claims 65500 x 65500', async () => claim(await jpeg(16, 16), 65_500)],
    ['over 4 MiB', async () => Buffer.concat([await jpeg(16, 16), Buffer.alloc(5 * 2 ** 20)])],
  ])('%s', async (_what, make) => {
    const { source, watch, stop } = setUp();
    source.push(await make());
    await watch.until(() => watch.drops.undecodable === 1);
    source.push(await jpeg(64, 48));
    await watch.more(1);
    await stop();
  });

  /** Writes another size into the frame header. */
  function claim(bytes: Buffer, sidePx: number): Buffer {
    const at = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes.writeUInt16BE(sidePx, at + 5);
    bytes.writeUInt16BE(sidePx, at + 7);
    return bytes;
  }
});

test('another size ends the run, and its picture opens the next', async () => {
  const { source, watch, end } = setUp();
  source.push(await jpeg(64, 48));
  await watch.more(1);
  source.push(await jpeg(48, 64));
  expect(await end).toMatchObject({ reason: 'size-changed' });
  const next = watchRun(source, micros(90_000));
  await next.watch.more(1);
  expect(next.watch.frames[0]).toMatchObject({ index: 1, ptsUs: 90_000, widthPx: 48, heightPx: 64 });
  await next.stop();
});

test('frames that are kept cost no more than the pool', async () => {
  const { source, watch, stop } = setUp({}, 1);
  watch.hold = true;
  source.push(await jpeg(64, 48));
  await watch.more(1);
  source.push(await jpeg(64, 48));
  await watch.until(() => watch.drops['no-buffer'] === 1);
  watch.held[0]!.lease.release();
  await stop();
});

test('one at a time, and only for its type', async () => {
  const { source, stop } = setUp();
  expect(await watchRun(source).end).toMatchObject({ reason: 'unusable' });
  await stop();
  expect(() => createPushSource(cameraConfig({ type: 'file', path: 'x', loop: true }))).toThrow(RangeError);
});

test.each([
  { colour: [255, 0, 0], yuv: [81, 90, 240] },
  { colour: [0, 255, 0], yuv: [145, 54, 34] },
  { colour: [0, 0, 255], yuv: [41, 240, 110] },
  { colour: [128, 128, 128], yuv: [126, 128, 128] },
])('$colour is $yuv in BT.601', ({ colour, yuv }) => {
  const ours = new Uint8Array(6);
  rgbToYuv420p({ widthPx: 2, heightPx: 2, rgb: Uint8Array.from([...colour, ...colour, ...colour, ...colour]) }, ours);
  expect([...ours]).toEqual([yuv[0], yuv[0], yuv[0], yuv[0], yuv[1], yuv[2]]);
});
