import { describe, expect, it } from 'vitest';
import { openedAsShown } from '../../../src/live/same-opened.js';
import { redactCamera } from '../../../src/source/camera/redact.js';
import { cameraConfig } from '../../support/live-frames.js';

const rtsp = (url: string, more = {}) =>
  cameraConfig('door', { input: { type: 'rtsp', url, transport: 'tcp' }, ...more });
const KNOWN = rtsp('rtsp://op:s3cret@10.0.0.7/live?token=abc');
const BOTH = { config: KNOWN, shown: redactCamera(KNOWN) };
const SHOWN = 'rtsp://***@10.0.0.7/live?token=***';

describe('a camera whose address is sent back as it was shown', () => {
  it('opens what it did, with the rest as it is wanted', () => {
    const wanted = rtsp(SHOWN, { name: 'Door', maxFps: 5 });
    expect(openedAsShown(wanted, BOTH)).toEqual({ ...wanted, input: KNOWN.input });
  });

  it.each([
    'rtsp://***@10.0.0.8/live?token=***',
    'rtsp://***@10.0.0.7/other?token=***',
    'rtsp://op:***@10.0.0.7/live?token=***',
    'rtsp://10.0.0.7/live',
  ])('keeps nothing hidden for another address: %s', (url) => {
    expect(openedAsShown(rtsp(url), BOTH)).toBeNull();
  });

  it('keeps nothing for another kind, or where nothing is opened', () => {
    const http = cameraConfig('door', { input: { type: 'http', url: SHOWN } });
    const push = cameraConfig('door', { input: { type: 'push' } });
    expect([openedAsShown(http, BOTH), openedAsShown(push, { config: push, shown: push })]).toEqual([null, null]);
  });
});
