import { describe, expect, it } from 'vitest';
import { camerasOf, exposedLogins } from '../../../src/cli/camera-argument.js';
import { AffectError } from '../../../src/domain/errors.js';

const defaults = { maxSidePx: 1280, maxFps: null, minFacePx: 24, rotate: 0, decode: 'auto' } as const;
const cameras = (addresses: readonly string[], taken: readonly string[] = []) =>
  camerasOf(addresses, { taken, defaults, env: { DOOR_PASSWORD: 'hunter2' }, platform: 'linux' });

describe('camerasOf', () => {
  it.each([
    ['push', { type: 'push' }],
    ['rtsp://192.0.2.7/live', { type: 'rtsp', url: 'rtsp://192.0.2.7/live', transport: 'tcp' }],
    ['HTTPS://192.0.2.7/live', { type: 'http', url: 'HTTPS://192.0.2.7/live' }],
    ['/dev/video0', { type: 'webcam', device: '/dev/video0', size: null, fps: null }],
    ['/clips/a.mp4', { type: 'file', path: '/clips/a.mp4', loop: true }],
    ['/clips/10:30.mp4', { type: 'file', path: '/clips/10:30.mp4', loop: true }],
  ])('%s', (address, input) => {
    expect(cameras([address])[0]).toMatchObject({ id: 'camera-1', input });
  });

  it('takes the number of a webcam where the system numbers them', () => {
    const [camera] = camerasOf(['1'], { taken: [], defaults, env: {}, platform: 'darwin' });
    expect(camera!.input).toEqual({ type: 'webcam', device: '1', size: null, fps: null });
    expect(() => cameras(['1'])).toThrow('--camera 1: must be /dev/videoN');
  });

  it.each([
    ['', /is empty/],
    ['take:2.mp4', /begin it with rtsp.*before a file name with a colon write \.\//],
    ['/dev/../etc/passwd', /must be \/dev\/videoN/],
  ])('refuses %j before anything is started', (argument, message) => {
    expect(() => cameras([argument])).toThrow(message);
  });

  it('takes no id that is taken: every address becomes a camera', () => {
    expect(cameras(['push', 'push'], ['camera-1', 'door']).map(({ id }) => id)).toEqual(['camera-2', 'camera-3']);
  });

  it.each(['rtmp://user:password@192.0.2.7/live', 'ftp://192.0.2.7/a.mp4'])('refuses %s', (address) => {
    expect(() => cameras([address])).toThrow(AffectError);
    expect(() => cameras([address])).toThrow(/^--camera \w+:\/\/[^ ]*192\.0\.2\.7.*: begin it with rtsp:\/\//);
    expect(() => cameras([address])).not.toThrow(/password/);
  });

  it.each([
    ['rtsp://u:hunter2/w@cam/live', /^--camera rtsp:\/\/\*\*\*@cam\/live: has an '@' after the start of its path/],
    ['rtsp://cam:70000/live', /^--camera rtsp:\/\/cam:70000\/live: has a port/],
    ['rtsp:/cam/live', /^--camera rtsp:\/cam\/live: must begin with rtsp:/],
    [' http://cam/a b', /: contains a space/],
  ])('refuses %j in one line without a password', (address, message) => {
    expect(() => cameras([address])).toThrow(message);
    expect(() => cameras([address])).not.toThrow(/hunter2/);
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: placeholders as they are written
  it('takes the password from the environment', () => {
    expect(cameras(['rtsp://u:${DOOR_PASSWORD}@cam/live'])[0]).toMatchObject({
      input: { url: 'rtsp://u:hunter2@cam/live' },
    });
    expect(() => cameras(['rtsp://u:${NOWHERE}@cam/live'])).toThrow(/variable NOWHERE is not set$/);
  });

  it('warns of a password that everyone on the machine can read', () => {
    const safe = [
      'rtsp://cam/live',
      'rtsp://cam/a b',
      'rtsp://u:${DOOR_PASSWORD}@cam/live',
      '/dev/video0',
      'me@home.mp4',
      'push',
    ];
    expect(exposedLogins(safe)).toEqual([]);
    const [line, ...more] = exposedLogins(['rtsp://u:hunter2@cam/live', ...safe]);
    expect(line).toMatch(/^--camera rtsp:\/\/\*\*\*@cam\/live: others can read its password .*'\$\{NAME\}'/);
    expect(line).not.toMatch(/hunter2|\n/);
    expect(more).toEqual([]);
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
});
