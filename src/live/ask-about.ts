import { AffectError } from '../domain/errors.js';
import type { LiveInsight } from '../domain/live.js';
import type { FaceRecord } from '../domain/records.js';
import type { Asker, FaceQuestion } from '../mllm/keyframe-sink.js';

/** Asks about one of the faces that a camera sees now. Throws QUESTIONS_OFF, TRACK_UNKNOWN, and what the asker throws. */
export async function askAbout(
  asked: FaceQuestion,
  { faces, asker }: { readonly faces: readonly FaceRecord[]; readonly asker: Asker | null | undefined },
): Promise<LiveInsight> {
  const { source, track } = asked;
  if (!asker) throw new AffectError('QUESTIONS_OFF', 'nothing here answers questions about faces; set mllm.enabled');
  const seen = faces.flatMap((face) => (face.track === null ? [] : [face.track]));
  if (!seen.includes(track)) {
    const now = seen.length === 0 ? 'it sees none now' : `it sees ${seen.join(', ')}`;
    throw new AffectError('TRACK_UNKNOWN', `camera ${source} does not see face ${track}; ${now}`);
  }
  const { evidence: _, ...answered } = await asker.ask(asked);
  return { ...answered, fusion: null };
}
