import type { Observable } from 'rxjs';
import type { AffectEvidence } from '../domain/affect.js';
import type { Frame } from '../domain/frame.js';
import type { LiveInsight, LiveWriting } from '../domain/live.js';
import type { Episode, FaceRecord } from '../domain/records.js';

/** An analysed frame, while its lease is held. */
export interface SeenFrame {
  readonly source: string;
  readonly frame: Frame;
  readonly records: readonly FaceRecord[];
  /** Told with this frame, all phases. */
  readonly episodes: readonly Episode[];
  readonly wallTimeMs: number;
}

/** An answer before it is told. */
export interface AnsweredInsight extends Omit<LiveInsight, 'fusion'> {
  /** It as evidence for its track; null when it is none. */
  readonly evidence: AffectEvidence | null;
}

/** A question of a person about a face that a camera sees. */
export interface FaceQuestion {
  readonly source: string;
  readonly track: number;
  readonly question: string;
  /** Aborts when nobody waits for the answer any more. Default: somebody always does. */
  readonly gone?: AbortSignal;
}

/** What answers questions of persons. */
export interface Asker {
  ask(question: FaceQuestion): Promise<AnsweredInsight>;
}

/** What asks a multimodal LLM about some of the frames. Nothing here waits: whatever an engine does, frames go on. */
export interface KeyframeSink {
  /** Answers as they come: none waits for an earlier question. */
  readonly insights: Observable<AnsweredInsight>;
  /** Answers while they are written, from engines that tell. */
  readonly writings: Observable<LiveWriting>;
  /** Reads what it needs of the frame before it returns. */
  offer(seen: SeenFrame): void;
  /** Episodes that ended without a frame. */
  ended(episodes: readonly Episode[]): void;
  /** Forgets a camera; what is still answered about it is not told. */
  endSource(source: string): void;
}
