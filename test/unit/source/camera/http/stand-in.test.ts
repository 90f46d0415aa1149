import { describe, expect, test } from 'vitest';
import { type CameraAddress, parseCameraAddress } from '../../../../../src/domain/camera-address.js';
import { environmentProxy } from '../../../../../src/source/camera/http/environment-proxy.js';
import { StandIn } from '../../../../../src/source/camera/http/stand-in.js';

const standIn = (url: string) => new StandIn(parseCameraAddress(url, 'http') as CameraAddress);

describe('the address that ffmpeg sees', () => {
  test.each([
    ['http://op:pw@cam/live/key1/video.m3u8?token=t', 'http://cam:80/-mien-/-mien-/-mien-.m3u8'],
    ['https://cam/x', 'http://cam:443/-mien-'],
    ['http://[::1]:8080', 'http://[::1]:8080/-mien-'],
    ['http://cam/get?file=live.m3u8&key=k', 'http://cam:80/-mien-.m3u8'],
    ['http://cam?x=1#y', 'http://cam:80/-mien-'],
  ])('%s', (url, seen) => expect(standIn(url).url).toBe(seen));

  test.each([
    ['http://op:pw@cam/live/key1/video.m3u8?token=t', '', '/live/key1/video.m3u8?token=t'],
    ['http://cam/live/key1/video.m3u8?token=t', 'seg1.ts?x=1', '/live/key1/seg1.ts?x=1'],
    ['http://cam/live/key1/video.m3u8?token=t', '../seg1.ts', '/live/seg1.ts'],
    ['http://cam/live/key1/video.m3u8', 'a/-mien-/b.ts', '/live/key1/a/-mien-/b.ts'],
    ['http://cam/live/key1/video.m3u8', '/seg1.ts', '/seg1.ts'],
    ['http://cam?x=1', '', '/?x=1'],
    ['http://cam/a/', 'b', '/a/b'],
  ])('%s, then "%s"', (url, next, path) => {
    const seen = standIn(url);
    expect(seen.onward(new URL(next, seen.url))).toMatchObject({ host: 'cam', port: 80, path, ofCamera: true });
  });

  test('other hosts, ports and schemes are not the camera', () => {
    const seen = standIn('https://op:pw@cam/x/y');
    for (const other of ['http://cam/x', 'http://cam:80/x', 'http://other:443/x', 'http://cam.other:443/x']) {
      expect(seen.onward(new URL(other))).toMatchObject({ scheme: 'http', ofCamera: false, path: '/x' });
    }
    expect(seen.onward(new URL('http://cam:443/z'))).toMatchObject({ scheme: 'https', ofCamera: true });
  });

  test.each([
    ['https://cam/moved?x=1', 'http://cam:443/moved?x=1'],
    ['https://cam:443/', 'http://cam:443/'],
    ['https://cam:8443/', 'https://cam:8443/'],
    ['https://other/', 'https://other/'],
    ['http://cam/', 'http://cam/'],
    ['/moved', '/moved'],
  ])('a redirect of an https camera to %s', (location, seen) => {
    expect(standIn('https://cam/x').seenByPlayer(location)).toBe(seen);
    expect(standIn('http://cam/x').seenByPlayer(location)).toBe(location);
  });
});

test.each([
  [{}, null],
  [{ http_proxy: 'http://p:3128' }, { host: 'p', port: 3128, authorization: null }],
  [{ http_proxy: 'http://u:p@p' }, { host: 'p', port: 80, authorization: 'Basic dTpw' }],
  [{ http_proxy: 'socks://p' }, null],
  [{ http_proxy: 'nonsense' }, null],
  [{ http_proxy: 'http://p', no_proxy: 'x, cam.lan' }, null],
  [{ http_proxy: 'http://p', no_proxy: '.lan' }, null],
  [{ http_proxy: 'http://p', no_proxy: '*' }, null],
  [{ http_proxy: 'http://p', no_proxy: 'lan am.lan' }, { host: 'p' }],
])('a proxy of the environment: %j', (env, expected) => {
  const proxy = environmentProxy('cam.lan', env);
  if (expected === null) expect(proxy).toBeNull();
  else expect(proxy).toMatchObject(expected);
});
