import { describe, expect, it } from 'vitest';
import { decodeBinary, encodeBinary } from '../../../src/protocol/binary.js';
import { cameraInput } from '../../../src/protocol/camera-input.js';
import { newSource } from '../../../src/protocol/rest.js';

describe('binary messages', () => {
  it('hold a header and a body', () => {
    const body = Uint8Array.of(0xff, 0xd8, 0xff, 0);
    const message = encodeBinary({ type: 'push', source: 'phone', name: 'Käthe' }, body);
    // As part of a larger buffer, which sockets deliver.
    const inside = new Uint8Array([9, 9, ...message]).subarray(2);
    expect(decodeBinary(inside)).toEqual({ header: { type: 'push', source: 'phone', name: 'Käthe' }, body });
  });

  it.each([
    ['nothing', []],
    ['half a length', [0, 0]],
    ['a header longer than the message', [0, 0, 0, 9, 123, 125]],
    ['a length near 2^32', [255, 255, 255, 255, 123, 125]],
    ['a header that is no JSON', [0, 0, 0, 2, 123, 123]],
    ['a header that is no UTF-8', [0, 0, 0, 2, 0xc3, 0x28]],
    ['a header that is too long', [0, 0, 4, 1, ...Array.from({ length: 1025 }, () => 32)]],
  ])('are refused: %s', (_, bytes) => {
    expect(decodeBinary(Uint8Array.from(bytes))).toBeNull();
  });
});

describe('cameras in requests', () => {
  it('leave to the configuration what they do not say', () => {
    const input = { type: 'rtsp', url: 'rtsp://user:pa%20ss@cam.test:554/live' };
    expect(newSource.parse({ id: 'door', input })).toEqual({
      id: 'door',
      input: { ...input, transport: 'tcp' },
    });
  });

  it.each([
    ['file: address as RTSP', { type: 'rtsp', url: 'file:///etc/passwd' }],
    ['file: address as HTTP', { type: 'http', url: 'file:///etc/passwd' }],
    ['other protocols of ffmpeg', { type: 'http', url: 'concat:a|b' }],
    ['gopher', { type: 'http', url: 'gopher://a' }],
    ['no host', { type: 'http', url: 'http:///x' }],
    ['backslash host', { type: 'http', url: 'http://\\evil' }],
    ['white space and options', { type: 'rtsp', url: 'rtsp://a/ -i /etc/passwd' }],
    ['line end', { type: 'rtsp', url: 'rtsp://a/\nrtsp://b' }],
    ['option as device', { type: 'webcam', device: '-i' }],
    ['option as file', { type: 'file', path: '-f' }],
    ['address as file', { type: 'file', path: 'http://a/b.mp4' }],
    ['protocol as file', { type: 'file', path: 'subfile:,,start,0,,:/etc/passwd' }],
    ['NUL in a path', { type: 'file', path: 'a\u0000b' }],
    ['unknown type', { type: 'exec', command: 'id' }],
    ['unknown key', { type: 'push', url: 'rtsp://a' }],
  ])('are refused: %s', (_, input) => {
    expect(cameraInput.safeParse(input).success).toBe(false);
  });
});
