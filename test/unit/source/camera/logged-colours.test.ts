import { expect, test } from 'vitest';
import { loggedColours } from '../../../../src/source/camera/logged-colours.js';

const input = (picture: string) =>
  `[info]   Stream #0:0[0x1](und): Video: h264 (Main), 1 reference frame (avc1 / 0x31637661), ${picture} [SAR 1:1 DAR 1:1], 25 fps`;

test.each([
  { picture: 'yuv420p(tv, bt709, progressive), 640x360', matrix: 'bt709', note: null },
  { picture: 'yuv420p(tv, smpte170m/smpte170m/bt709, progressive, left), 1920x1080', matrix: 'bt601', note: null },
  { picture: 'yuvj420p(pc, bt470bg/unknown/unknown), 1280x720', matrix: 'bt601', note: null },
  { picture: 'yuv420p(progressive), 1920x1080', matrix: 'bt709', note: null },
  { picture: 'yuv420p, 640x480', matrix: 'bt601', note: null },
  { picture: 'bgr0, 1920x1080', matrix: 'bt601', note: null },
  { picture: 'yuv420p10le(tv, bt2020nc/bt2020/smpte2084, progressive), 3840x2160', matrix: 'bt709', note: /PQ/ },
  { picture: 'yuv420p10le(tv, bt2020nc/bt2020/arib-std-b67), 1920x1080', matrix: 'bt709', note: /HLG/ },
])('$picture', ({ picture, matrix, note }) => {
  const plan = loggedColours(input(picture));
  expect(plan?.matrix).toBe(matrix);
  if (note === null) expect(plan?.note).toBeNull();
  else expect(plan?.note).toMatch(note);
});

test('other lines tell nothing', () => {
  expect(loggedColours('[info]   Stream #0:1: Audio: aac (LC), 44100 Hz, stereo')).toBeNull();
});
