import { describe, expect, it } from 'vitest';
import { cameraConfigOf } from '../../../src/domain/camera-config.js';
import { changedSource } from '../../../src/protocol/rest.js';

const defaults = { maxSidePx: 640, maxFps: 5, minFacePx: 48, rotate: 0, decode: 'none' } as const;
const made = (more: object) =>
  cameraConfigOf({ ...changedSource.parse({ input: { type: 'push' }, ...more }), id: 'a' }, defaults);

describe('a camera of a request', () => {
  it('takes what it does not say from the defaults of the configuration', () => {
    expect(made({})).toEqual({ id: 'a', name: 'a', input: { type: 'push' }, masks: [], zones: [], ...defaults });
  });

  it('keeps what it says, null too: as many frames as fit', () => {
    const said = { name: 'Door', maxSidePx: 1920, maxFps: null, minFacePx: 16 };
    expect(made(said)).toMatchObject(said);
  });

  it('never reaches the environment: placeholders stay as they are', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a client might try
    const input = { type: 'http', url: 'http://example.org/${HOME}' };
    expect(made({ input }).input).toEqual(input);
  });
});
