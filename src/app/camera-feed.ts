import type { CameraConfig } from '../domain/live.js';
import type { Micros } from '../domain/units.js';
import type { CameraFeed, FeedHandlers } from '../live/camera.js';
import { createLiveSource } from '../source/camera/live-source.js';
import { createPushSource } from '../source/camera/push-source.js';
import { type CameraSupervisor, superviseCamera } from '../source/camera/supervise-camera.js';

export interface FeedOptions {
  /** True for IP addresses that a camera may not be at; undefined allows all. */
  readonly refuseAddress?: (ip: string) => boolean;
  /** Media time of its first frame. @default 0 */
  readonly startUs?: Micros;
}

/** The supervised source of one camera, not yet started. */
export function createCameraFeed(config: CameraConfig, options: FeedOptions = {}): CameraFeed {
  const push = config.input.type === 'push' ? createPushSource(config) : undefined;
  const source = push ?? createLiveSource(config, options);
  let supervisor: CameraSupervisor | undefined;
  return {
    start({ onFrame, onDrop, onDecodeError, onState, onEnd }: FeedHandlers): void {
      supervisor = superviseCamera({
        source,
        config,
        ...(options.startUs === undefined ? {} : { startUs: options.startUs }),
        onFrame,
        onDrop,
        onDecodeError,
        onEnd,
      });
      supervisor.states.subscribe(onState);
    },
    stop: async () => supervisor?.stop(),
    ...(push ? { push: (jpeg: Uint8Array) => push.push(jpeg) } : {}),
  };
}
