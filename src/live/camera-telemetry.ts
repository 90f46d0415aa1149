import type { Telemetry } from '../domain/telemetry.js';
import type { CameraActivity } from './camera-activity.js';
import { type CameraFacts, isArrival } from './camera-facts.js';

/** Tells what happens at one camera to what measures; `facts` has taken the activity already. */
export function tellTelemetry(
  telemetry: Telemetry,
  camera: { readonly id: string; readonly facts: CameraFacts; readonly now: () => number },
): (activity: CameraActivity) => void {
  const { id, facts, now } = camera;
  const tellBehind = (): void => telemetry.cameraBehind(id, facts.behindMs(now()) ?? 0);
  return (activity) => {
    switch (activity.type) {
      case 'source':
        telemetry.cameraStatus(id, activity.state.status, activity.state.attempts);
        telemetry.cameraDecoder(id, activity.state.stream?.decoder ?? null);
        if (activity.state.status !== 'running') tellBehind();
        break;
      case 'ended':
        telemetry.cameraEnded(id, activity.end.reason);
        break;
      case 'arrived':
        telemetry.framesArrived(id, 1);
        tellBehind();
        break;
      case 'dropped':
        if (isArrival(activity)) telemetry.framesArrived(id, activity.count);
        telemetry.frameDropped(id, activity.reason, activity.count);
        break;
      case 'decode-error':
        telemetry.decodeError(id);
        break;
      case 'analysed': {
        const faces = activity.records.filter(({ box }) => box !== null).length;
        telemetry.frameAnalysed(id, { faces, latencyMs: activity.at - activity.live.arrivedAt });
        for (const { kind, phase } of activity.episodes) telemetry.episode(id, kind, phase);
        break;
      }
      case 'silent':
        for (const { kind, phase } of activity.ended) telemetry.episode(id, kind, phase);
        break;
    }
  };
}
