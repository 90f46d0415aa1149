import type { Study } from '../domain/study.js';

/** A study as if the participants who were forgotten had never been in it, though its file may still name them. */
export function withoutForgotten(study: Study, forgotten: readonly string[]): Study {
  if (forgotten.length === 0) return study;
  const stays = (id: string | null): boolean => id === null || !forgotten.includes(id);
  return {
    ...study,
    participants: study.participants.filter(({ id }) => stays(id)),
    sessions: study.sessions.map((session) => ({
      ...session,
      markers: session.markers.filter(({ participant }) => stays(participant)),
      excluded: session.excluded.filter(({ participant }) => stays(participant)),
    })),
  };
}
