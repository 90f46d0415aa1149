import { expect, test } from 'vitest';
import { chooseStream } from '../../../src/source/choose-stream.js';

const video = { codec_type: 'video', codec_name: 'h264', width: 512, height: 512 };
const cover = { ...video, codec_name: 'mjpeg', width: 640, height: 446 };
const sound = { codec_type: 'audio', codec_name: 'aac' };

test.each([
  { what: 'a plain picture first', streams: [cover, video], index: 1 },
  {
    what: 'an attached picture does not count',
    streams: [{ ...cover, disposition: { attached_pic: 1 } }, video],
    index: 0,
  },
  { what: 'a picture by its count of frames', streams: [{ ...video, nb_frames: '1' }, video], index: 1 },
  {
    what: 'a picture by the tag of Matroska',
    streams: [{ ...video, tags: { 'NUMBER_OF_FRAMES-eng': '1' } }, video],
    index: 1,
  },
  { what: 'a picture by its mark', streams: [{ ...video, disposition: { still_image: 1 } }, video], index: 1 },
  { what: 'two that move: the first', streams: [video, { ...video, width: 64 }], index: 0 },
  { what: 'MJPEG alone', streams: [sound, cover], index: 0 },
])('$what: $index', ({ streams, index }) => {
  expect(chooseStream('x', streams, undefined).index).toBe(index);
});

test('says what else there is, unless there is nothing or the stream was asked for', () => {
  expect(chooseStream('x', [sound, cover, video], undefined).note).toBe(
    'has 2 video streams (0 mjpeg 640x446, perhaps a still picture, 1 h264 512x512); stream 1 was read, --stream N chooses another',
  );
  expect(chooseStream('x', [cover, video], 0)).toMatchObject({ index: 0, note: null });
  expect(chooseStream('x', [sound, video], undefined).note).toBeNull();
});

test('refuses a stream that is not there', () => {
  expect(() => chooseStream('x', [video, video], 2)).toThrow('x: has no video stream 2; choose 0 to 1');
});
