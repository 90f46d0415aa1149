import sharp from 'sharp';
import { afterAll, describe } from 'vitest';
import { openVideo } from '../../src/source/video-file.js';
import { childProcesses } from '../support/child-processes.js';
import { frameSourceContract } from '../support/frame-source-contract.js';
import { ffmpeg, H264, testPicture, videoFolder } from '../support/make-video.js';

const folder = videoFolder();
afterAll(folder.remove);

const clip = folder.path('clip.mp4');
ffmpeg(...testPicture({ seconds: 1.2, size: '640x360' }), ...H264, clip);

/** No child process is left, not even a zombie. Told by the kernel on Linux only. */
const noChildren = () => process.platform !== 'linux' || childProcesses().length === 0;

const animation = folder.path('clip.webp');
await sharp(
  Buffer.alloc(24 * 64 * 48 * 3, 90).map((value, at) => value + Math.floor(at / (64 * 48 * 3))),
  {
    raw: { width: 64, height: 24 * 48, channels: 3, pageHeight: 48 },
  },
)
  .webp({ lossless: true, delay: 40 })
  .toFile(animation);

describe('recorded video file', () => {
  frameSourceContract(({ poolSlots }) => openVideo({ path: clip, poolSlots }), noChildren);
});

describe('animated WebP', () => {
  frameSourceContract(({ poolSlots }) => openVideo({ path: animation, poolSlots }), noChildren);
});
