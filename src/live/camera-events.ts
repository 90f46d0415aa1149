import { mergeMap, type Observable } from 'rxjs';
import type { CameraState, LiveEvent } from '../domain/live.js';
import type { Episode } from '../domain/records.js';
import type { CameraActivity } from './camera-activity.js';
import { StateNews } from './state-news.js';

/** What clients are told of one camera; each subscriber is told from when it subscribes. */
export function cameraEvents(
  activities: Observable<CameraActivity>,
  camera: { readonly id: string; readonly state: () => CameraState | undefined },
): Observable<LiveEvent> {
  const { id: source } = camera;
  const news = new StateNews();
  const states = (): LiveEvent[] => {
    const state = camera.state();
    return state && news.isNews(state) ? [{ type: 'state', state }] : [];
  };
  const told = (episodes: readonly Episode[], wallTimeMs: number): LiveEvent[] =>
    episodes.map((episode) => ({ type: 'episode', source, episode, wallTimeMs }));
  return activities.pipe(
    mergeMap((activity): LiveEvent[] => {
      switch (activity.type) {
        case 'source':
        case 'arrived':
          return states();
        case 'analysed':
          return [facesEvent(source, activity), ...told(activity.episodes, activity.live.wallTimeMs)];
        case 'silent':
          return [...told(activity.ended, Date.now()), { type: 'silent', source }];
        case 'ended':
        case 'dropped':
        case 'decode-error':
          return []; // Told with the numbers.
      }
    }),
  );
}

function facesEvent(source: string, { live, records }: Extract<CameraActivity, { type: 'analysed' }>): LiveEvent {
  const { frame } = live.lease;
  return {
    type: 'faces',
    source,
    frame: frame.index,
    ptsUs: frame.ptsUs,
    widthPx: frame.widthPx,
    heightPx: frame.heightPx,
    wallTimeMs: live.wallTimeMs,
    arrivedAt: live.arrivedAt,
    records,
  };
}
