import { expect, it } from 'vitest';
import { createCameraLog } from '../../../src/app/camera-log.js';
import type { CameraState } from '../../../src/domain/live.js';

const state = (more: Partial<CameraState>): CameraState => ({
  id: 'door',
  name: 'Door',
  status: 'starting',
  inputType: 'rtsp',
  address: 'rtsp://192.0.2.7/live',
  since: '2026-01-15T09:30:00.000Z',
  lastEnd: null,
  retryAt: null,
  attempts: 0,
  reconnects: 0,
  decodeErrors: 0,
  damagedSince: null,
  stream: null,
  ...more,
});
const lastEnd = { reason: 'stalled', message: 'rtsp://192.0.2.7/live: no new picture for 2 s' } as const;

it('says each change once, a reason that goes on once a minute, and of a stop no reason of the past', () => {
  const lines: string[] = [];
  const clock = { now: 0 };
  const log = createCameraLog(
    (line) => lines.push(line),
    () => clock.now,
  );
  log(state({}));
  log(state({ status: 'running', stream: { widthPx: 640, heightPx: 360, codec: 'h264' } }));
  for (clock.now = 0; clock.now <= 60_000; clock.now += 5_000) {
    log(state({ status: 'waiting', lastEnd, reconnects: 1 + clock.now / 5_000 }));
  }
  log(state({ status: 'failed', lastEnd: { reason: 'unusable', message: 'no decoder' } }));
  log(state({ status: 'stopped', lastEnd }));
  expect(lines).toEqual([
    'camera door: running, h264 640x360',
    'camera door: stalled: rtsp://192.0.2.7/live: no new picture for 2 s; it is opened again when it is back',
    'camera door: stalled: rtsp://192.0.2.7/live: no new picture for 2 s, 12 tries since; it is opened again when it is back',
    'camera door: failed (unusable: no decoder)',
    'camera door: stopped',
  ]);
});
