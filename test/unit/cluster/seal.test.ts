import { describe, expect, it } from 'vitest';
import { createSeal } from '../../../src/cluster/seal.js';

const SECRET = 'a-key-of-all-machines-0123456789';
const TEXT = '{"url":"rtsp://user:pässword@192.0.2.7/1"}';
const seal = createSeal(SECRET);

describe('createSeal', () => {
  it('what one machine closes another opens', () => {
    const again = createSeal(SECRET);
    expect(again.open(seal.close(TEXT, 'camera door'), 'camera door')).toBe(TEXT);
    expect(again.open(seal.close('', 'camera door'), 'camera door')).toBe('');
  });

  it('nothing of the text can be read, and the same text looks different each time', () => {
    const [first, second] = [seal.close(TEXT, 'camera door'), seal.close(TEXT, 'camera door')];
    for (const word of ['rtsp', 'user', 'pässword', '192.0.2.7']) {
      expect(Buffer.from(first).includes(word)).toBe(false);
    }
    expect(first).not.toEqual(second);
  });

  it.each<[string, () => string | null]>([
    ['another key', () => createSeal(`${SECRET}.`).open(seal.close(TEXT, 'camera door'), 'camera door')],
    ['another camera', () => seal.open(seal.close(TEXT, 'camera door'), 'camera desk')],
    ['less than there must be', () => seal.open(seal.close(TEXT, 'camera door').subarray(0, 27), 'camera door')],
    ['less than there was', () => seal.open(seal.close(TEXT, 'camera door').subarray(0, -1), 'camera door')],
    ['nothing', () => seal.open(new Uint8Array(), 'camera door')],
    ['the text itself', () => seal.open(Buffer.from(TEXT), 'camera door')],
  ])('%s opens nothing', (_, open) => {
    expect(open()).toBeNull();
  });

  it('no byte can be changed unnoticed', () => {
    const sealed = seal.close(TEXT, 'camera door');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at]! ^= 1;
      expect(seal.open(changed, 'camera door')).toBeNull();
    }
  });
});
