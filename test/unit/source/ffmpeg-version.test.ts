import { expect, test } from 'vitest';
import { fpsPassthrough, parseFfmpegVersion } from '../../../src/source/ffmpeg-version.js';

test.each([
  { text: '5.1.9-0+deb12u1', major: 5, minor: 1, option: '-fps_mode' },
  { text: '5.0', major: 5, minor: 0, option: '-vsync' },
  { text: 'n6.0', major: 6, minor: 0, option: '-fps_mode' },
  { text: '7.1.1', major: 7, minor: 1, option: '-fps_mode' },
  { text: 'N-112233-gabcdef', major: 99, minor: 0, option: '-fps_mode' },
  { text: '2024-01-01-git-abc', major: 99, minor: 0, option: '-fps_mode' },
])('$text', ({ text, major, minor, option }) => {
  const version = parseFfmpegVersion(text);
  expect(version).toEqual({ text, major, minor });
  expect(fpsPassthrough(version)).toEqual([option, 'passthrough']);
});

test('below 5 is refused', () => {
  expect(() => parseFfmpegVersion('4.4.2')).toThrow(/4\.4\.2 is too old; install ffmpeg 5 or newer/);
});
