import { describe, expect, test } from 'vitest';
import {
  cameraAddress,
  createRedactor,
  redactCamera,
  redactText,
  redactUrl,
} from '../../../../src/source/camera/redact.js';
import { cameraConfig } from '../../../support/live-watch.js';

const SECRETS = /hunter|s3cret|adm1n/i;

describe('addresses keep what is not secret', () => {
  test.each([
    ['rtsp://cam.local:554/live', 'rtsp://cam.local:554/live'],
    ['rtsp://adm1n:hunter2@cam:554/live?channel=1', 'rtsp://***@cam:554/live?channel=1'],
    ['rtsp://hunter2@cam/live', 'rtsp://***@cam/live'],
    ['https://cam/x.m3u8?token=s3cret&channel=2', 'https://cam/x.m3u8?token=***&channel=2'],
    ['https://cam/x?a=1#access_token=s3cret', 'https://cam/x?a=1#access_token=***'],
    ['http://[fe80::1]:80/mjpeg', 'http://[fe80::1]:80/mjpeg'],
  ])('%s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

describe('no credential survives', () => {
  test.each([
    'rtsp://adm1n:hun@hunter2@cam/live',
    'rtsp://adm1n:hunter/s3cret@cam/live',
    'rtsp://adm1n:hunter?x=s3cret#1@cam/live',
    'rtsp://adm1n:hunter 2@cam/live',
    'RTSP://adm1n:hunter%40s3cret@cam/live',
    'http://proxy/?url=rtsp%3A%2F%2Fadm1n%3Ahunter2%40cam%2Flive',
    'http://proxy/?url=rtsp%253A%252F%252Fadm1n%253Ahunter2%2540cam',
    'http://cam/cgi?user=adm1n&pwd=hunter2',
    'http://cam/cgi?USR=adm1n&PassWord=hunter2',
    'http://cam/cgi?%70assword=hunter2',
    'http://cam/x?X-Amz-Signature=s3cret&X-Amz-Credential=adm1n%2F1',
    'http://cam/x?sig=s3cret/with+slash==&api_key=hunter2;jwt=s3cret',
    'rtsp://cam/user=adm1n_password=hunter2_channel=1_stream=0.sdp',
    'rtsp://cam/user=adm1n&password=hunter2&channel=1',
    'http://cam/x?password%3Dhunter2',
  ])('%s', (url) => {
    expect(redactUrl(url)).not.toMatch(SECRETS);
    const line = `[tcp @ 0x55aa] [error] ${url}: Connection refused`;
    expect(createRedactor(url)(line)).not.toMatch(SECRETS);
    // Where an address with a space ends can only be told by who knows it.
    if (!url.includes(' ')) expect(redactText(line)).not.toMatch(SECRETS);
  });

  test.each([
    '[error] adm1n:hunter2@cam: no route',
    '[error] //adm1n:hunter2@cam:554/',
    "[error] could not open 'rtsp://adm1n:hunter2@cam/live', giving up",
    '[http @ 0x5] Authorization: Basic s3cret==',
    '[error] Proxy-Authorization=Digest username="adm1n"',
    'adm1n%3Ahunter2%40cam failed',
  ])('in a line: %s', (line) => {
    expect(redactText(line)).not.toMatch(SECRETS);
  });

  test('known credentials are found in any spelling and place, also cut off from their address', () => {
    const redact = createRedactor('rtsp://adm1n:hunter%40s3cret@cam/live?pin=s3cret77');
    for (const line of [
      'user adm1n',
      'password hunter@s3cret wrong',
      'hunter%40s3cret',
      's3cret77',
      'adm1n:hunter%40s3cret',
    ]) {
      expect(redact(line)).not.toMatch(SECRETS);
    }
  });

  test('control characters cannot forge a log line', () => {
    expect(redactUrl('http://cam/\r\n[error] x\u001b[2J')).toBe('http://cam/??[error]%20x?[2J');
  });
});

test('ordinary lines stay readable', () => {
  const line = '[h264 @ 0x5581c0] [error] error while decoding MB 12 7, bytestream -5';
  expect(redactText(line)).toBe(line);
});

test('what clients see of a camera', () => {
  const config = cameraConfig({ type: 'http', url: 'http://adm1n:hunter2@cam/x' });
  expect(redactCamera(config).input).toEqual({ type: 'http', url: 'http://***@cam/x' });
  expect(cameraAddress(config.input)).toBe('http://***@cam/x');
  expect(cameraAddress({ type: 'file', path: '/media/someone/clip.mp4', loop: true })).toBe('clip.mp4');
  expect(cameraAddress({ type: 'webcam', device: '/dev/video0', size: null, fps: null })).toBe('/dev/video0');
});
