import { describe, expect, test } from 'vitest';
import { authorityOf, parseCameraAddress } from '../../../src/domain/camera-address.js';

const parsed = (text: string, type: 'rtsp' | 'http' = 'rtsp') => parseCameraAddress(text, type);

describe('what an address says', () => {
  test.each([
    ['rtsp://cam', { scheme: 'rtsp', host: 'cam', port: 554, target: '', login: null }],
    ['RTSP://Cam.Local:8554/Live?x=1#y', { host: 'cam.local', port: 8554, target: '/Live?x=1#y' }],
    ['rtsps://cam/', { scheme: 'rtsps', port: 322, target: '/' }],
    ['rtsp://cam:80/x', { port: 80 }],
    ['rtsp://cam:/x', { port: 554 }],
    ['rtsp://[2001:DB8::7]:8554/x', { host: '2001:db8::7', port: 8554 }],
    ['rtsp://0x7f.1/x', { host: '127.0.0.1' }],
    ['rtsp://u:p@cam/x', { login: { user: 'u', password: 'p' } }],
    ['rtsp://u@cam/x', { login: { user: 'u', password: '' } }],
    ['rtsp://@cam/x', { login: null }],
    ['rtsp://u:p:q@r@cam/x', { host: 'cam', login: { user: 'u', password: 'p:q@r' } }],
    ['rtsp://u:p[w]@cam/x', { login: { user: 'u', password: 'p[w]' } }],
    ['rtsp://u:p%40ss%2Fw%23%3f%25@cam/x', { login: { user: 'u', password: 'p@ss/w#?%' } }],
    ['rtsp://u:%C3%A9%E9@cam/x', { login: { user: 'u', password: '\u00c3\u00a9\u00e9' } }],
    ['rtsp://cam/live@hd', { host: 'cam', target: '/live@hd' }],
    ['rtsp://cam.local:8554/live@hd', { host: 'cam.local', target: '/live@hd' }],
    ['rtsp://[::1]:8554/live@hd', { host: '::1', target: '/live@hd' }],
    ['rtsp://u:p@cam/a%40b', { host: 'cam', target: '/a%40b' }],
  ])('%s', (text, expected) => expect(parsed(text)).toMatchObject(expected));

  test.each([
    ['https://cam/x.m3u8?user=me@example.org', { scheme: 'https', port: 443 }],
    ['http://192.0.2.7:8080/x?user=me@example.org', { port: 8080, target: '/x?user=me@example.org' }],
  ])('%s', (text, expected) => expect(parsed(text, 'http')).toMatchObject(expected));
});

describe('one clear line for each fault, which repeats nothing of the address', () => {
  const encode = /has an '@' after the start of its path.*%2F.*%3F.*%23/;
  test.each([
    ['rtsp://admin:hunter2/w@cam/live', encode],
    ['rtsp://admin:p@ss/hunter2@cam/live', encode],
    ['rtsp://admin:p#hunter2@cam/live', encode],
    ['rtsp://admin:p?hunter2@cam/live', encode],
    ['rtsp://admin:12/hunter2@cam/live', encode],
    ['rtsp://admin:hunter2@cam/live@hd', encode],
    ['rtsp://admin:100%hunter2@cam/live', /'%' in user or password.*%25/],
    ['rtsp://admin:hunter 2@cam/live', /a space.*%20/],
    [' rtsp://cam/hunter2', /a space/],
    ['rtsp://cam\\@hunter2/live', /a backslash.*%5C/],
    ['rtsp://admin:hünter2@cam/live', /beyond ASCII.*%XX/],
    ['rtsp://cam/hunter2\n', /a control character/],
    ['rtsp://cam/hunter2\u0000', /a control character/],
    ['-rtsp://hunter2', /begins with '-'/],
    ['', /is empty/],
    [`rtsp://cam/${'hunter2'.repeat(300)}`, /longer than 2048/],
    ['http://hunter2', /must begin with rtsp:\/\/ or rtsps:\/\//],
    ['hunter2@cam/live', /must begin with rtsp/],
    ['rtsp:/hunter2/live', /must begin with rtsp/],
    ['rtsp:///hunter2', /has no host/],
    ['rtsp://u:hunter2@/live', /has no host/],
    ['rtsp://:554/hunter2', /has no host/],
    ['rtsp://?hunter2', /has no host/],
    ['rtsp://cam:0/hunter2', /a port that is not a number from 1 to 65535/],
    ['rtsp://cam:70000/hunter2', /a port that is not a number from 1 to 65535/],
    ['rtsp://admin:hunter2', /a port that is not a number/],
    ['rtsp://fe80::hunter2/live', /IPv6 address in brackets/],
    ['rtsp://[hunter2]/live', /has no valid host/],
    ['rtsp://[fe80::1%25eth0]/hunter2', /has no valid host/],
    ['rtsp://[::1/hunter2', /IPv6 address in brackets/],
    ['rtsp://cam<hunter2>/live', /has no valid host/],
    ['rtsp://cam%2Fhunter2/live', /has no valid host/],
    ['rtsp://999.1.1.1/hunter2', /has no valid host/],
  ])('%j', (text, expected) => {
    expect(parsed(text)).toEqual({ problem: expect.stringMatching(expected) });
    expect(JSON.stringify(parsed(text))).not.toMatch(/hunter2|hünter|cam/);
  });
});

test('host and port as written in an address', () => {
  expect(authorityOf({ scheme: 'rtsp', host: 'cam', port: 554 }, 'unless-default')).toBe('cam');
  expect(authorityOf({ scheme: 'rtsp', host: 'cam', port: 554 }, 'always')).toBe('cam:554');
  expect(authorityOf({ scheme: 'https', host: '::1', port: 80 }, 'unless-default')).toBe('[::1]:80');
});
