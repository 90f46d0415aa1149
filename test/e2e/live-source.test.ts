import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { CameraInput } from '../../src/domain/camera-kinds.js';
import type { SourceState } from '../../src/domain/live.js';
import { micros } from '../../src/domain/units.js';
import { createLiveSource, type LiveSourceOptions } from '../../src/source/camera/live-source.js';
import { type CameraSupervisor, superviseCamera } from '../../src/source/camera/supervise-camera.js';
import { childProcesses } from '../support/child-processes.js';
import { cameraConfig, FrameWatch, TURNED, watchRun } from '../support/live-watch.js';
import { ffmpeg, H264, testPicture, videoFolder } from '../support/make-video.js';
import { type AccessUnit, accessUnits } from '../support/rtp-h264.js';
import { type RtspLogin, RtspServer } from '../support/rtsp-server.js';

const folder = videoFolder();
const FPS = 25;
const STREAM = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-tune',
  'zerolatency',
  '-threads',
  '1',
  '-g',
  '25',
  '-pix_fmt',
  'yuv420p',
];

function pictures(size: string, ...extra: readonly string[]): AccessUnit[] {
  return accessUnits(
    ffmpeg(...testPicture({ seconds: 2, size, fps: FPS }), ...STREAM, ...extra, '-f', 'h264', 'pipe:1'),
  );
}
const wide = pictures('320x180');
const tall = pictures('180x320');
const small = pictures('160x90');

const clip = folder.path('clip.mp4');
ffmpeg(...testPicture({ seconds: 0.6, size: '320x180', fps: FPS }), ...H264, clip);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  if (process.platform === 'linux') expect(childProcesses()).toEqual([]);
});
afterAll(folder.remove);

async function serve(options: { login?: RtspLogin; stream?: readonly AccessUnit[] } = {}): Promise<RtspServer> {
  const server = new RtspServer({ pictures: options.stream ?? wide, fps: FPS, login: options.login });
  await server.open();
  closing.push(() => server.close());
  return server;
}

const QUICK: LiveSourceOptions = { firstFrameMs: 3_000, stallMs: 400 };

function play(input: CameraInput, options: LiveSourceOptions = QUICK, changes = {}) {
  const run = watchRun(createLiveSource(cameraConfig(input, changes), options), micros(5_000_000));
  closing.push(run.stop);
  return run;
}

const rtsp = (url: string, transport: 'tcp' | 'udp' = 'tcp'): CameraInput => ({ type: 'rtsp', url, transport });

describe('RTSP', () => {
  test.each(['tcp', 'udp'] as const)('%s: frames at the pace of the camera', async (transport) => {
    const server = await serve();
    const sent: number[] = [];
    server.onSend = () => sent.push(performance.now());
    const { watch, opened, stop } = play(rtsp(server.url(), transport));
    await watch.more(16);
    expect(await stop()).toMatchObject({ reason: 'stopped' });
    expect(opened).toEqual([{ widthPx: 320, heightPx: 180, codec: 'h264', decoder: 'none', decoderProblem: null }]);
    expect(watch.frames[0]).toMatchObject({ index: 0, ptsUs: 5_000_000, widthPx: 320, heightPx: 180 });
    expect(watch.frames.map(({ index }) => index)).toEqual(watch.frames.map((_, index) => index));
    // ffmpeg gives the first packet of an RTP stream the time of the second.
    const times = watch.frames.slice(2).map(({ ptsUs }) => ptsUs);
    expect(times.slice(1).map((at, index) => at - times[index]!)).toEqual(times.slice(1).map(() => 40_000));
    expect(watch.frames[0]!.meanLuma).toBeGreaterThan(60);
    // ffmpeg knows that a picture is whole when the next begins; nothing else may keep one back.
    const behind = watch.frames.map(({ arrivedAt }, index) => sent.filter((at) => at <= arrivedAt).length - 1 - index);
    expect(Math.min(...behind)).toBeLessThanOrEqual(1);
  });

  test('basic and digest logins; a wrong one is told without showing it', async () => {
    for (const method of ['basic', 'digest'] as const) {
      const server = await serve({ login: { user: 'op', password: 'S3cr:t@/x', method } });
      const good = play(rtsp(server.url({ user: 'op', password: 'S3cr:t@/x' })));
      await good.watch.more(1);
      await good.stop();
      const bad = play(rtsp(server.url({ user: 'op', password: 'Wr0ng:pw@' })));
      const end = await bad.end;
      expect(end.reason).toBe('unauthorised');
      expect(JSON.stringify(end)).not.toMatch(/Wr0ng|pw@|S3cr/);
      expect(end.message).toContain('127.0.0.1');
    }
  });

  test('no such stream, nobody there, unknown host', async () => {
    const server = await serve();
    server.mode = 'not-found';
    expect(await play(rtsp(server.url())).end).toMatchObject({ reason: 'not-found' });
    await server.close();
    expect(await play(rtsp(server.url())).end).toMatchObject({ reason: 'unreachable' });
    expect(await play(rtsp('rtsp://nowhere.invalid/live')).end).toMatchObject({ reason: 'unreachable' });
  });

  test('a half-open connection and a stalled stream end after their time', async () => {
    const server = await serve();
    server.mode = 'silent';
    expect(await play(rtsp(server.url()), { firstFrameMs: 400 }).end).toMatchObject({ reason: 'stalled' });
    server.mode = 'play';
    const { watch, end } = play(rtsp(server.url()));
    await watch.more(3);
    server.stalled = true;
    expect(await end).toMatchObject({ reason: 'stalled', message: expect.stringContaining('0.4 s') });
  });

  test('pictures that lost packets are counted, and not delivered up to the next key picture', async () => {
    // Noise does not fit into one packet: the loss tears a picture instead of leaving it out.
    const server = await serve({ stream: pictures('320x180', '-vf', 'noise=alls=40:allf=t', '-threads', '1') });
    server.loses = (packet) => packet === 100;
    const { watch, stop } = play(rtsp(server.url()));
    await watch.until(() => (watch.drops.damaged ?? 0) > 0);
    const before = watch.frames.length;
    await watch.more(30);
    await stop();
    expect(watch.decodeErrors).toBe(1);
    const gaps = watch.frames
      .slice(1)
      .map(({ ptsUs }, index) => Math.round((ptsUs - watch.frames[index]!.ptsUs) / 40_000));
    const long = gaps.filter((gap) => gap > 1);
    expect(long).toEqual([watch.drops.damaged! + 1]);
    expect(gaps.indexOf(long[0]!)).toBe(before - 1);
    // Key pictures come every 25 pictures.
    expect((before + watch.drops.damaged!) % 25).toBe(0);
  });

  test('garbage in the stream, and a server that is none', async () => {
    const server = await serve();
    const { watch, end } = play(rtsp(server.url()));
    await watch.more(3);
    server.sendGarbage(new Uint8Array(200_000).map((_, index) => (index * 167) % 251));
    expect(['stalled', 'ended', 'undecodable']).toContain((await end).reason);
    const noise = createServer((socket) => socket.on('error', () => undefined).write(Buffer.alloc(5_000, 7)));
    noise.listen(0, '127.0.0.1');
    await once(noise, 'listening');
    const { port } = noise.address() as AddressInfo;
    expect(['undecodable', 'stalled', 'ended']).toContain(
      (await play(rtsp(`rtsp://127.0.0.1:${port}/live`), { firstFrameMs: 400 }).end).reason,
    );
    noise.close();
  });

  test('a change of size ends the connection, also where the frame has as many bytes as before', async () => {
    const server = await serve();
    const { watch, end } = play(rtsp(server.url()));
    await watch.more(3);
    server.switchTo(tall);
    expect(await end).toMatchObject({ reason: 'size-changed' });
    expect(new Set(watch.frames.map(({ widthPx }) => widthPx))).toEqual(new Set([320]));
    const again = play(rtsp(server.url()));
    await again.watch.more(1);
    expect(again.watch.frames[0]).toMatchObject({ widthPx: 180, heightPx: 320 });
    server.switchTo(wide);
    await again.end;
    server.switchTo(small);
    const third = play(rtsp(server.url()));
    await third.watch.more(2);
    server.switchTo(wide);
    expect(await third.end).toMatchObject({ reason: 'size-changed' });
  });

  test.each([-3, 3_600, -3_600])('the clock of the camera is set by %d s: media time goes on', async (seconds) => {
    const server = await serve();
    const { watch, stop } = play(rtsp(server.url()));
    await watch.more(10);
    server.jumpClock(seconds);
    await watch.more(15);
    await stop();
    const times = watch.frames.slice(2).map(({ ptsUs }) => ptsUs);
    const steps = times.slice(1).map((at, index) => at - times[index]!);
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(1_000_000);
    expect(steps.filter((step) => step === 40_000).length).toBeGreaterThanOrEqual(steps.length - 2);
  });

  test.runIf(process.platform === 'linux')('ffmpeg killed', async () => {
    const server = await serve();
    const { watch, end } = play(rtsp(server.url()));
    await watch.more(2);
    for (const pid of childProcesses()) process.kill(pid, 'SIGKILL');
    expect(await end).toMatchObject({ reason: 'decoder-died' });
  });

  test('a consumer that keeps its frames makes nobody wait', async () => {
    const server = await serve();
    const { watch, stop } = play(rtsp(server.url()), { ...QUICK, poolSlots: 2 });
    watch.hold = true;
    await watch.until(() => (watch.drops['no-buffer'] ?? 0) >= 10);
    expect(watch.frames).toHaveLength(2);
    watch.hold = false;
    for (const { lease } of watch.held.splice(0)) lease.release();
    await watch.more(3);
    expect(watch.frames[2]!.ptsUs - watch.frames[1]!.ptsUs).toBeGreaterThan(10 * 40_000 - 1);
    await stop();
  });

  test('frames over maxFps are dropped and counted; large pictures are shrunk to even sizes', async () => {
    const server = await serve();
    const { watch, stop } = play(rtsp(server.url()), QUICK, { maxFps: 5, maxSidePx: 100 });
    await watch.more(4);
    await stop();
    const times = watch.frames.map(({ ptsUs }) => ptsUs);
    for (const [index, at] of times.slice(2).entries()) expect(at - times[index + 1]!).toBe(200_000);
    expect(watch.drops['rate-limited']).toBeGreaterThanOrEqual(12);
    expect(watch.frames[0]).toMatchObject({ widthPx: 100, heightPx: 56 });
  });
});

describe('a supervised camera', () => {
  function supervise(input: CameraInput) {
    const watch = new FrameWatch();
    const states: SourceState[] = [];
    const source = createLiveSource(cameraConfig(input), { ...QUICK, stallMs: 300 });
    const camera = superviseCamera({
      source,
      config: cameraConfig(input),
      onFrame: watch.onFrame,
      onDrop: watch.onDrop,
      // One fault after the other, none of them told as a camera that keeps failing.
      healthyMs: 0,
      backoff: { capMs: 1_000 },
    });
    camera.states.subscribe((state) => states.push(state));
    closing.push(() => camera.stop());
    return { watch, states, camera };
  }
  const within2s = async (watch: FrameWatch, what: string) => {
    const returned = performance.now();
    await watch.more(1);
    const tookMs = performance.now() - returned;
    if (process.env.MIEN_TELL_TIMES) console.error(`${what}: back after ${Math.round(tookMs)} ms`);
    expect(tookMs, what).toBeLessThan(2_000);
  };

  test('is back within 2 s of its return after every fault, and media time goes on', async () => {
    const server = await serve({ login: { user: 'op', password: 'hunter2x', method: 'digest' } });
    const { watch, states, camera } = supervise(rtsp(server.url({ user: 'op', password: 'hunter2x' })));
    await watch.more(3);

    await server.close();
    await until(camera, ({ lastEnd }) => lastEnd?.reason === 'unreachable');
    await server.open();
    await within2s(watch, 'server away');

    server.stalled = true;
    await until(camera, ({ lastEnd }) => lastEnd?.reason === 'stalled');
    server.stalled = false;
    await within2s(watch, 'stalled');

    server.mode = 'silent';
    server.dropClients();
    await until(camera, ({ status, retryAt }) => status === 'waiting' && retryAt === null);
    server.mode = 'play';
    server.dropClients(); // What was half open is cut as the camera restarts.
    await within2s(watch, 'half open');

    server.sendGarbage(new Uint8Array(100_000).map((_, index) => (index * 31) % 253));
    await until(camera, ({ status }) => status !== 'running');
    server.stalled = false;
    await within2s(watch, 'garbage');

    if (process.platform === 'linux') {
      for (const pid of childProcesses()) process.kill(pid, 'SIGKILL');
      await until(camera, ({ lastEnd }) => lastEnd?.reason === 'decoder-died');
      await within2s(watch, 'ffmpeg killed');
    }

    server.switchTo(tall);
    await until(camera, ({ lastEnd }) => lastEnd?.reason === 'size-changed');
    await within2s(watch, 'size changed');
    expect(watch.frames.at(-1)).toMatchObject({ widthPx: 180, heightPx: 320 });

    await camera.stop();
    expect(camera.state).toMatchObject({ status: 'stopped', stream: null });
    expect(server.clients).toBe(0);
    const times = watch.frames.map(({ ptsUs }) => ptsUs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    // Media time is behind ours by the times of opening, which are the machine's, and never ahead of it.
    const [first, last] = [watch.frames[0]!, watch.frames.at(-1)!];
    const passed = last.arrivedAt - first.arrivedAt;
    expect((last.ptsUs - first.ptsUs) / 1000 / passed).toBeLessThan(1.2);
    expect(JSON.stringify(states)).not.toContain('hunter2x');
    expect(states.map(({ status }) => status)).toContain('waiting');
  });
});

describe('other inputs', () => {
  test('a file plays at its own speed, over and over when looped, and once when not', async () => {
    const looped = play({ type: 'file', path: clip, loop: true });
    await looped.watch.more(1);
    const before = performance.now();
    await looped.watch.more(20); // Longer than the file.
    expect(performance.now() - before).toBeGreaterThan(500);
    await looped.stop();
    const times = looped.watch.frames.map(({ ptsUs }) => ptsUs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(700_000);
    const once = play({ type: 'file', path: clip, loop: false });
    expect(await once.end).toMatchObject({ reason: 'ended' });
    expect(once.watch.frames).toHaveLength(15);
    expect(await play({ type: 'file', path: folder.path('none.mp4'), loop: false }).end).toMatchObject({
      reason: 'not-found',
    });
  });

  test.each(TURNED)('pictures are turned by $rotate degrees, clockwise', async ({ rotate, ...turned }) => {
    const path = folder.path('white-above.mp4');
    const picture = 'color=black:s=64x48:r=25:d=0.2,drawbox=h=16:color=white:t=fill';
    ffmpeg('-f', 'lavfi', '-i', picture, ...H264, path);
    const patient = { firstFrameMs: 30_000, stallMs: 30_000 };
    const { watch, opened, end } = play({ type: 'file', path, loop: false }, patient, { rotate });
    expect(await end).toMatchObject({ reason: 'ended' });
    const { widthPx, heightPx } = turned;
    expect(opened).toMatchObject([{ widthPx, heightPx }]);
    expect(watch.frames[0]).toMatchObject(turned);
  });

  test('HTTP: progressive, HLS, 401, 404, 503, no video, and a playlist that names a local file', async () => {
    ffmpeg('-i', clip, '-c', 'copy', folder.path('clip.ts'));
    ffmpeg('-i', clip, '-c', 'copy', '-f', 'hls', '-hls_time', '1', '-hls_list_size', '0', folder.path('live.m3u8'));
    writeFileSync(
      folder.path('steal.m3u8'),
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${clip}\n#EXT-X-ENDLIST\n`,
    );
    writeFileSync(folder.path('text.mp4'), 'hello '.repeat(9_000));
    const http = createHttpServer((request, response) => {
      const { pathname } = new URL(request.url!, 'http://x');
      const status = Number(pathname.slice(1));
      if (status > 0) response.writeHead(status).end();
      else response.end(readFileSync(folder.path(pathname.slice(1))));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    closing.push(async () => http.close());
    const at = (path: string): CameraInput => ({ type: 'http', url: `http://127.0.0.1:${port}/${path}?token=sesame9` });
    for (const path of ['clip.ts', 'live.m3u8']) {
      const { watch, end } = play(at(path));
      expect({ path, end: await end }).toMatchObject({ path, end: { reason: 'ended' } });
      expect(watch.frames.length).toBeGreaterThan(10);
    }
    const cases = [
      ['401', 'unauthorised'],
      ['403', 'unauthorised'],
      ['404', 'not-found'],
      ['503', 'unreachable'],
      ['text.mp4', 'undecodable'],
      ['steal.m3u8', expect.stringMatching(/undecodable|unusable|ended/)],
    ] as const;
    for (const [path, reason] of cases) {
      const { watch, end } = play(at(path));
      expect({ path, ...(await end) }).toMatchObject({ path, reason });
      expect(JSON.stringify(await end)).not.toContain('sesame9');
      expect(watch.frames).toEqual([]);
    }
  });

  test.runIf(process.platform === 'linux')(
    'HTTP by request: a redirect or playlist leads to no address that is refused',
    async () => {
      for (const name of ['http_proxy', 'no_proxy']) vi.stubEnv(name, '');
      ffmpeg('-i', clip, '-c', 'copy', folder.path('clip.ts'));
      const segment = (url: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`;
      const askedOf = { here: 0, inside: 0 };
      const http = createHttpServer((request, response) => {
        const inside = request.socket.localAddress === '127.0.0.2';
        askedOf[inside ? 'inside' : 'here']++;
        const { port } = http.address() as AddressInfo;
        const video = `http://${request.url!.includes('steal') ? '127.0.0.2' : '127.0.0.1'}:${port}/clip.ts`;
        if (request.url!.startsWith('/moved')) response.writeHead(302, { location: video }).end();
        else if (request.url!.endsWith('.m3u8')) response.end(segment(video));
        else response.end(readFileSync(folder.path('clip.ts')));
      });
      http.listen(0, '0.0.0.0');
      await once(http, 'listening');
      closing.push(async () => http.close());
      const { port } = http.address() as AddressInfo;
      const options = { ...QUICK, refuseAddress: (ip: string) => ip === '127.0.0.2' };
      const at = (path: string) => play({ type: 'http', url: `http://127.0.0.1:${port}/${path}` }, options);
      for (const path of ['clip.ts', 'moved', 'fine.m3u8']) {
        const { watch, end } = at(path);
        expect({ path, ...(await end) }).toMatchObject({ path, reason: 'ended' });
        expect(watch.frames.length).toBeGreaterThan(10);
      }
      for (const path of ['moved?steal', 'steal.m3u8']) {
        expect({ path, ...(await at(path).end) }).toMatchObject({
          path,
          reason: 'unusable',
          message: expect.stringContaining('leads to an address that is not allowed'),
        });
      }
      expect(askedOf.inside).toBe(0);
      vi.unstubAllEnvs();
    },
  );

  test.runIf(process.platform === 'linux')('a webcam that is not there may come yet', async () => {
    const input: CameraInput = { type: 'webcam', device: '/dev/video987', size: null, fps: null };
    expect(await play(input).end).toMatchObject({ reason: 'not-found' });
  });

  test('no ffmpeg', async () => {
    const server = await serve();
    vi.stubEnv('FFMPEG_PATH', folder.path('nowhere'));
    expect(await play(rtsp(server.url())).end).toMatchObject({ reason: 'unusable' });
    vi.unstubAllEnvs();
  });

  test.each([
    { what: 'wide pixels', size: '160x120', filter: 'setsar=2/1', expected: { widthPx: 320, heightPx: 120 } },
    { what: 'odd', size: '160x120', filter: 'scale=161:121,setsar=1', expected: { widthPx: 160, heightPx: 120 } },
    {
      what: 'over the limit',
      size: '160x120',
      filter: 'scale=1001:500,setsar=1',
      expected: { widthPx: 640, heightPx: 318 },
    },
    { what: 'very long', size: '160x120', filter: 'scale=1400:2,setsar=1', expected: { widthPx: 640, heightPx: 2 } },
  ])('size of $what', async ({ what, size, filter, expected }) => {
    const path = folder.path(`${what}.mkv`);
    ffmpeg(...testPicture({ seconds: 0.1, size }), '-vf', filter, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj444p', path);
    const { watch, end } = play({ type: 'file', path, loop: false });
    expect(await end).toMatchObject({ reason: 'ended' });
    expect(watch.frames[0]).toMatchObject(expected);
  });
});

/** Waits for a state of a camera. */
function until(camera: CameraSupervisor, is: (state: SourceState) => boolean): Promise<SourceState> {
  return firstValueFrom(camera.states.pipe(filter(is)));
}
