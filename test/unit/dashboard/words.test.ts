import { expect, it } from 'vitest';
import { decodingText, pacesText, readOfCome } from '../../../dashboards/web/src/words.js';
import { cameraState } from '../../support/dashboard-messages.js';

const stream = { widthPx: 640, heightPx: 360, codec: 'h264' };
const decoded = (more: { decoder: 'none' | 'vaapi'; decoderProblem: string | null }) =>
  decodingText(cameraState('door', { stream: { ...stream, ...more } }));

it('says what decodes a camera, and why it is not what was asked for', () => {
  expect(decodingText(cameraState('door'))).toBeNull();
  expect(decoded({ decoder: 'none', decoderProblem: null })).toBe('software');
  expect(decoded({ decoder: 'vaapi', decoderProblem: null })).toBe('VA-API');
  const decoderProblem = 'video is decoded in software, not by vaapi: Cannot open DRM render node for device 0';
  expect(decoded({ decoder: 'none', decoderProblem })).toBe(decoderProblem);
});

it('never reads more than comes: what is read while an overload ends came earlier', () => {
  expect(pacesText({ analysedFps: 23.9, inputFps: 25.1 })).toBe('24 of 25\u00a0fps');
  expect(pacesText({ analysedFps: 24.9, inputFps: 25.1 })).toBe('25\u00a0fps');
  expect(pacesText({ analysedFps: 0.6, inputFps: 0.2 })).toBe('0.6\u00a0fps');
  expect(readOfCome({ analysedFps: 0, inputFps: 0.2 })).toBe('0.0 of 0.2');
});
