import { nearest } from '../config/nearest.js';
import { AffectError } from '../domain/errors.js';
import type { Study, StudySession, StudyVideo } from '../domain/study.js';

/** A video, and the session that it is of. */
export interface SessionVideo {
  readonly session: StudySession;
  readonly video: StudyVideo;
}

/** The videos of a study in its order; of those that `only` names, by session or video, where it names some. Throws USAGE. */
export function videosOf({ sessions }: Pick<Study, 'sessions'>, only: readonly string[] = []): readonly SessionVideo[] {
  const all = sessions.flatMap((session) => session.videos.map((video) => ({ session, video })));
  const known = [...new Set(all.flatMap(({ session, video }) => [session.id, video.id]))];
  for (const id of only) {
    if (known.includes(id)) continue;
    const meant = nearest(id, known);
    throw new AffectError(
      'USAGE',
      `--only ${id}: no session or video; ${meant ? `is "${meant}" meant?` : `there are ${known.join(', ')}`}`,
    );
  }
  return only.length === 0
    ? all
    : all.filter(({ session, video }) => only.includes(session.id) || only.includes(video.id));
}
