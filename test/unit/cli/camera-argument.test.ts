import { describe, expect, it } from 'vitest';
import { camerasOf } from '../../../src/cli/camera-argument.js';
import { AffectError } from '../../../src/domain/errors.js';

const defaults = { maxSidePx: 1280, maxFps: null, minFacePx: 24 };
const cameras = (addresses: readonly string[], taken: readonly string[] = []) =>
  camerasOf(addresses, { taken, defaults });

describe('camerasOf', () => {
  it.each([
    ['push', { type: 'push' }],
    ['rtsp://192.0.2.7/live', { type: 'rtsp', url: 'rtsp://192.0.2.7/live', transport: 'tcp' }],
    ['HTTPS://192.0.2.7/live', { type: 'http', url: 'HTTPS://192.0.2.7/live' }],
    ['/dev/video0', { type: 'webcam', device: '/dev/video0', size: null, fps: null }],
    ['1', { type: 'webcam', device: '1', size: null, fps: null }],
    ['/clips/a.mp4', { type: 'file', path: '/clips/a.mp4', loop: true }],
    ['/clips/10:30.mp4', { type: 'file', path: '/clips/10:30.mp4', loop: true }],
  ])('%s', (address, input) => {
    expect(cameras([address])[0]).toMatchObject({ id: 'camera-1', input });
  });

  it('takes no id that is taken: every address becomes a camera', () => {
    expect(cameras(['push', 'push'], ['camera-1', 'door']).map(({ id }) => id)).toEqual(['camera-2', 'camera-3']);
  });

  it.each(['rtmp://user:password@192.0.2.7/live', 'ftp://192.0.2.7/a.mp4'])('refuses %s', (address) => {
    expect(() => cameras([address])).toThrow(AffectError);
    expect(() => cameras([address])).toThrow(/^--camera \w+:\/\/[^ ]*192\.0\.2\.7.*: begin it with rtsp:\/\//);
    expect(() => cameras([address])).not.toThrow(/password/);
  });
});
