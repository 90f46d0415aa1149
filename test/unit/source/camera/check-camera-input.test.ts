import { describe, expect, test } from 'vitest';
import type { CameraInput } from '../../../../src/domain/camera-kinds.js';
import {
  type CameraInputPolicy,
  checkCameraInput,
  checkCameraTarget,
  refusesAddress,
} from '../../../../src/source/camera/check-camera-input.js';

const owner: CameraInputPolicy = {
  addedBy: 'configuration',
  privateAddresses: 'allow',
  allowedFolders: [],
  platform: 'linux',
};
const stranger: CameraInputPolicy = { ...owner, addedBy: 'request', allowedFolders: ['/srv/clips'] };
const strict: CameraInputPolicy = { ...stranger, privateAddresses: 'refuse' };

const rtsp = (url: string): CameraInput => ({ type: 'rtsp', url, transport: 'tcp' });
const http = (url: string): CameraInput => ({ type: 'http', url });
const file = (path: string): CameraInput => ({ type: 'file', path, loop: false });
const webcam = (device: string): CameraInput => ({ type: 'webcam', device, size: null, fps: null });
const refused = (input: CameraInput, policy: CameraInputPolicy) => {
  try {
    checkCameraInput(input, policy);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.not.stringMatching(/[\r\n]|hunter2/) });
    return true;
  }
};

test.each([
  rtsp('rtsp://admin:hunter2@192.168.1.20:554/Streaming/Channels/101?transportmode=unicast'),
  rtsp('rtsps://cam.example/live'),
  http('https://cam.example/live.m3u8'),
  http('http://[2001:db8::1]:8080/mjpeg'),
  file('/srv/clips/a b.mp4'),
  file('/srv/clips/-x.mp4'),
  webcam('/dev/video0'),
  webcam('/dev/v4l/by-id/usb-046d_C920-video-index0'),
  { type: 'push' } as const,
])('allowed for everyone: %o', (input) => {
  expect(refused(input, owner)).toBe(false);
  expect(refused(input, stranger)).toBe(false);
});

describe('refused for everyone', () => {
  test.each([
    http('file:///etc/passwd'),
    http('concat:http://a/x|http://b/y'),
    http('subfile,,start,0,end,9,,:/etc/passwd'),
    http('pipe:0'),
    http('data:text/plain,x'),
    http('gopher://cam/x'),
    http('rtsp://cam/x'),
    http('-i'),
    http('-f lavfi'),
    rtsp('http://cam/x'),
    rtsp('rtsp://cam/live\r\nX: y'),
    rtsp('rtsp://cam/\u0000'),
    rtsp('rtsp://cam/live -y out.mp4'),
    rtsp('rtsp://cam\\@other/live'),
    rtsp('rtsp:///live'),
    rtsp('rtsp://u:hunter2@cam:99999/live'),
    rtsp(`rtsp://cam/${'x'.repeat(3_000)}`),
    rtsp(''),
    file(''),
    file('-i'),
    file('a\nb.mp4'),
    webcam('-i'),
    webcam('/dev/../etc/passwd'),
    webcam('/etc/passwd'),
    webcam('/dev/v4l/by-id/../../sda'),
    { ...webcam('/dev/video0'), size: { widthPx: 640, heightPx: 0 } } as CameraInput,
    { ...webcam('/dev/video0'), fps: Number.NaN } as CameraInput,
  ])('%o', (input) => {
    expect(refused(input, owner)).toBe(true);
  });
  test('device names of other systems that would name two devices', () => {
    for (const platform of ['darwin', 'win32'] as const) {
      expect(refused(webcam('FaceTime HD Camera'), { ...owner, platform })).toBe(false);
      expect(refused(webcam('cam:microphone'), { ...owner, platform })).toBe(true);
    }
  });
});

const METADATA = [
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://0251.0376.0251.0376/',
  'http://169.254.43518/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[64:ff9b::169.254.169.254]/',
  'http://[2002:a9fe:a9fe::1]/',
  'http://[::169.254.169.254]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://0.0.0.0/',
  'http://0/',
  'http://[::]/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://user:hunter2@169.254.169.254:80/x',
  'http://169.254.169.254./',
];
const PRIVATE = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://[::1]/',
  'http://10.1.2.3/',
].concat([
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://[fd12::1]/',
  'http://[::ffff:10.0.0.1]/',
]);

test.each(METADATA)('never by request: %s', (url) => {
  for (const input of [http(url), rtsp(url.replace('http:', 'rtsp:'))]) {
    expect(refused(input, stranger)).toBe(true);
    expect(refused(input, owner)).toBe(false);
  }
});

test.each(PRIVATE)('by policy: %s', (url) => {
  for (const input of [http(url), rtsp(url.replace('http:', 'rtsp:'))]) {
    expect(refused(input, stranger)).toBe(false);
    expect(refused(input, strict)).toBe(true);
  }
});

test.each(['http://8.8.8.8/', 'http://[2001:4860::1]/', 'http://[::ffff:8.8.8.8]/'])('public: %s', (url) => {
  expect(refused(http(url), strict)).toBe(false);
});

test('files by request: only below the allowed folders', () => {
  expect(refused(file('/etc/passwd'), stranger)).toBe(true);
  expect(refused(file('/srv/clips/../secret.mp4'), stranger)).toBe(true);
  expect(refused(file('/srv/clips2/a.mp4'), stranger)).toBe(true);
  expect(refused(file('/srv/clips'), stranger)).toBe(true);
  expect(refused(file('/srv/clips/a.mp4'), { ...stranger, allowedFolders: [] })).toBe(true);
  expect(refused(file('/etc/passwd'), owner)).toBe(false);
});

describe('what names and links lead to', () => {
  const lookups = (addresses: readonly string[], real = (path: string) => path) => ({
    addresses: async () => addresses,
    realPath: async (path: string) => real(path),
  });
  test.each([
    { what: 'a camera', addresses: ['192.168.1.5'], policy: stranger, ok: true },
    { what: 'one bad address of two', addresses: ['8.8.8.8', '169.254.169.254'], policy: stranger, ok: false },
    { what: 'a mapped one', addresses: ['::ffff:169.254.169.254'], policy: stranger, ok: false },
    { what: 'private under the strict policy', addresses: ['10.0.0.1'], policy: strict, ok: false },
    { what: 'nothing', addresses: [], policy: stranger, ok: false },
    { what: 'anything, for the owner', addresses: ['169.254.169.254'], policy: owner, ok: true },
  ])('a name of $what', async ({ addresses, policy, ok }) => {
    const check = checkCameraTarget(rtsp('rtsp://u:hunter2@cam/live'), policy, lookups(addresses));
    if (ok) await expect(check).resolves.toBeUndefined();
    else
      await expect(check).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.not.stringContaining('hunter2'),
      });
  });
  test('a link out of the folder', async () => {
    const leak = lookups([], (path) => (path.endsWith('.mp4') ? '/etc/passwd' : path));
    await expect(checkCameraTarget(file('/srv/clips/a.mp4'), stranger, leak)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    await expect(checkCameraTarget(file('/srv/clips/a.mp4'), stranger, lookups([]))).resolves.toBeUndefined();
  });
});

test('an address that cannot be classed is refused at the connection too', () => {
  expect(refusesAddress(stranger)('')).toBe(true);
  expect(refusesAddress(owner)('169.254.169.254')).toBe(false);
});

test('an address with *** for what is not shown is refused of a request, which would lose it', () => {
  const shown = rtsp('rtsp://***@192.168.1.20/live?token=***');
  expect(() => checkCameraInput(shown, stranger)).toThrow(/has \*\*\* where something is not shown; write it out/);
  expect(refused(shown, owner)).toBe(false);
});
