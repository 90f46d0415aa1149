import { describe, expect, it } from 'vitest';
import { chooseSound } from '../../../src/source/choose-sound.js';

const VIDEO = { index: 0, codec_type: 'video' };
const sound = (index: number, more: object = {}) => ({
  index,
  codec_type: 'audio',
  codec_name: 'aac',
  channels: 2,
  ...more,
});

describe('chooseSound', () => {
  it('takes the stream that is marked as the default, else the first, and says what else there is', () => {
    expect(chooseSound('a.mp4', [VIDEO, sound(1)], 'auto')).toEqual({ containerStreamIndex: 1, note: null });
    const two = [VIDEO, sound(1), sound(2, { disposition: { default: 1 }, channels: 1 })];
    expect(chooseSound('a.mp4', two, 'auto')).toEqual({
      containerStreamIndex: 2,
      note: 'has 2 sound streams (0 aac with 2 channels, 1 aac with 1 channel); stream 1 was heard, --sound N chooses another',
    });
    expect(chooseSound('a.mp4', [VIDEO, sound(1), sound(2)], 'auto')).toMatchObject({ containerStreamIndex: 1 });
  });

  it('takes the one asked for, and none where none is wanted or there is none', () => {
    expect(chooseSound('a.mp4', [VIDEO, sound(1), sound(2)], 1)).toEqual({ containerStreamIndex: 2, note: null });
    expect(chooseSound('a.mp4', [VIDEO, sound(1)], 'none')).toBeNull();
    expect(chooseSound('a.mp4', [VIDEO], 'auto')).toBeNull();
  });

  it('refuses a number that the file does not have, and names those it has', () => {
    expect(() => chooseSound('a.mp4', [VIDEO], 0)).toThrow('a.mp4: has no sound, not 0; choose another --sound');
    expect(() => chooseSound('a.mp4', [VIDEO, sound(1)], 1)).toThrow('has one sound stream, number 0, not 1');
    expect(() => chooseSound('a.mp4', [VIDEO, sound(1), sound(2)], 5)).toThrow('has sound streams 0 to 1, not 5');
  });
});
