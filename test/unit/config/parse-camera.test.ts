import { describe, expect, it } from 'vitest';
import { parseCamera } from '../../../src/config/parse-camera.js';

const defaults = { maxSidePx: 640, maxFps: null, minFacePx: 24 };

describe('parseCamera', () => {
  it('fills the defaults in', () => {
    expect(parseCamera({ id: 'a', type: 'push' }, defaults)).toEqual({
      id: 'a',
      name: 'a',
      input: { type: 'push' },
      ...defaults,
    });
  });

  it('leaves placeholders of clients alone', () => {
    process.env.MIEN_TEST_SECRET = 'zzsecret';
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a client might try
    const url = 'http://example.org/${MIEN_TEST_SECRET}';
    const { input } = parseCamera({ id: 'a', type: 'http', url }, defaults);
    expect(input).toEqual({ type: 'http', url });
    delete process.env.MIEN_TEST_SECRET;
  });

  it.each([
    [{ id: 'a', type: 'push', loop: true }, 'loop: unknown key'],
    [{ id: 'a', type: 'rtsp' }, 'url: missing; expected a URL with rtsp://'],
    [{ id: '../a', type: 'push' }, 'id: expected 1 to 64 of a-z'],
    [{ type: 'rtsp', url: 'http://u:zzsecret@x' }, 'url: "http://***@x" must begin with rtsp:// or rtsps://'],
    [
      { id: 'a', type: 'rtsp', url: 'rtsp://u:zz/zzsecret@x' },
      'url: "rtsp://***@x" has an \'@\' after the start of its path',
    ],
    [{ id: 'a', type: 'lens' }, 'type: expected one of rtsp, http, webcam, file, push, got "lens"'],
    ['text', 'camera: expected'],
    [null, 'camera: expected'],
  ])('%j is refused in one line without secrets', (value, message) => {
    let text = '';
    try {
      parseCamera(value, defaults);
    } catch (error) {
      text = (error as Error).message;
    }
    expect(text).toContain(message);
    expect(text).not.toMatch(/zzsecret|\n/);
  });
});
