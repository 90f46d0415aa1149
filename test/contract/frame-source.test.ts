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

describe('recorded video file', () => {
  frameSourceContract(({ poolSlots }) => openVideo({ path: clip, poolSlots }), noChildren);
});
