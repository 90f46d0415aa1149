import { expect, it } from 'vitest';
import { type TestedCamera, testedWords } from '../../../dashboards/web/src/model/camera-tested.js';

const STREAM = { widthPx: 1920, heightPx: 1080, codec: 'h264', decoder: 'none', decoderProblem: null } as const;
const tested = (more: Partial<TestedCamera> = {}): TestedCamera => ({
  stream: STREAM,
  firstPictureMs: 412,
  fps: 24.96,
  damaged: 0,
  end: null,
  picture: 'shown',
  jpeg: null,
  ...more,
});
const words = (more: Partial<TestedCamera>) => {
  const { works, title, lines } = testedWords(tested(more));
  return [works, title, ...lines.map((line) => line.replaceAll('\u00a0', ' '))];
};
const RATE = '25 pictures a second, the first after 0.4 s';

it('says that a camera works, and what it sends', () => {
  expect(words({})).toEqual([true, 'It works', '1920 × 1080 pixels, h264', RATE]);
  expect(words({ fps: null, damaged: 1, picture: 'blurred' }).slice(3)).toEqual([
    'One picture arrived, the first after 0.4 s',
    '1 picture arrived damaged: check its network',
    'The picture is blurred as a whole: nobody has looked for faces in it',
  ]);
  expect(words({ picture: 'off' }).at(-1)).toBe('Pictures are switched off on this server (preview.enabled)');
});

it('says why a camera does not work, with the words of the server, which name the cure', () => {
  const none = { stream: null, fps: null, firstPictureMs: null, picture: 'none' } as const;
  const message = 'rtsp://***@10.0.0.7/live: it refuses the user or password';
  expect(words({ ...none, end: { reason: 'unauthorised', message } })).toEqual([
    false,
    'It refuses access: check user name, password and permissions',
    message,
  ]);
  expect(words({ end: { reason: 'ended', message: 'a.mp4: the stream ended' } })).toEqual([
    false,
    'Pictures came, then: the stream ended',
    '1920 × 1080 pixels, h264',
    RATE,
    'a.mp4: the stream ended',
  ]);
});
