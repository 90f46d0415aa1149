import { expect, it } from 'vitest';
import { createCameraLog } from '../../../src/app/camera-log.js';
import type { CameraState } from '../../../src/domain/live.js';
import type { Logger, LogLevel } from '../../../src/domain/logger.js';
import { cameraState } from '../../support/camera-state.js';

const state = (more: Partial<CameraState>): CameraState =>
  cameraState('door', {
    name: 'Door',
    status: 'starting',
    inputType: 'rtsp',
    address: 'rtsp://192.0.2.7/live',
    ...more,
  });
const lastEnd = { reason: 'stalled', message: 'rtsp://192.0.2.7/live: no new picture for 2 s' } as const;

function logged() {
  const lines: string[] = [];
  const teller =
    (level: LogLevel): Logger[LogLevel] =>
    (line, about) =>
      void lines.push(`${level} ${line} ${JSON.stringify(about)}`);
  const [debug, info, warn, error] = [teller('debug'), teller('info'), teller('warn'), teller('error')];
  return { lines, log: createCameraLog({ debug, info, warn, error }) };
}

it('says once why hardware does not decode, over all connections of the camera', () => {
  const { lines, log } = logged();
  const decoderProblem = 'video is decoded in software, not by vaapi: Cannot open DRM render node for device 0';
  const stream = { widthPx: 640, heightPx: 360, codec: 'h264', decoder: 'none', decoderProblem } as const;
  const run = (): void => {
    log(state({ status: 'running', stream }));
    log(state({ status: 'waiting', lastEnd }));
  };
  run();
  run();
  const said = () => lines.filter((line) => line.includes('software'));
  expect(said()).toEqual([`warn camera door: ${decoderProblem} {"camera":"door"}`]);
  log(state({ status: 'stopped' }));
  run();
  expect(said()).toHaveLength(2);
});

it('says once for all cameras what is read less often, and that all is read again', () => {
  const { lines, log } = logged();
  const stream = { widthPx: 640, heightPx: 360, codec: 'h264', decoder: 'none', decoderProblem: null } as const;
  const reduced = { since: '2026-01-15T09:31:00.000Z', looks: ['affect'], perSecond: 15 } as const;
  const both = (more: Partial<CameraState>): void => {
    log(state({ status: 'running', stream, ...more }));
    log(state({ id: 'yard', status: 'running', stream, ...more }));
  };
  both({});
  lines.length = 0;
  both({ reduced });
  both({ reduced: { ...reduced, looks: ['affect', 'gaze', 'cover'], perSecond: 5 } });
  both({});
  expect(lines).toEqual([
    'warn expressions read at most 15 times a second: the processor is busy; lower maxFps or maxSidePx, or have fewer cameras undefined',
    'warn expressions, eyes and covers read at most 5 times a second: the processor is busy; lower maxFps or maxSidePx, or have fewer cameras undefined',
    'info everything is read again undefined',
  ]);
});

it('says each state that is told, damage, lateness and their ends, and of a stop no reason of the past', () => {
  const { lines, log } = logged();
  const stream = { widthPx: 640, heightPx: 360, codec: 'h264', decoder: 'none', decoderProblem: null } as const;
  log(state({}));
  log(state({ status: 'running', stream }));
  log(state({ status: 'running', stream, damagedSince: '2026-01-15T09:31:00.000Z' }));
  log(state({ status: 'running', stream }));
  log(state({ status: 'running', stream, behindSince: '2026-01-15T09:32:00.000Z', behindMs: 3_400 }));
  log(state({ status: 'running', stream }));
  log(state({ status: 'waiting', lastEnd }));
  log(state({ status: 'failed', lastEnd: { reason: 'unusable', message: 'no decoder' } }));
  log(state({ status: 'stopped', lastEnd }));
  expect(lines).toEqual(
    [
      'debug camera door: starting',
      'info camera door: running, h264 640x360',
      'warn camera door: pictures arrive damaged and are not read; check its network',
      'info camera door: pictures are whole again',
      'warn camera door: analysis behind, 3.4 s: lower maxFps or maxSidePx, or have fewer cameras',
      'info camera door: analysis keeps up again',
      'warn camera door: stalled: rtsp://192.0.2.7/live: no new picture for 2 s; it is tried again until it is back',
      'warn camera door: failed (unusable: no decoder)',
      'info camera door: stopped',
    ].map((line) => `${line} {"camera":"door"}`),
  );
});
