import type { Keyframe } from '../domain/insight.js';
import type { Job } from './job.js';
import { boundAnswer } from './parse/bounds.js';
import { parseAnswer } from './parse/parse-answer.js';
import type { ResolvedStageOptions } from './stage-options.js';

/** An answer in the making is read again at most so often: reading costs its length each time. */
const EVERY_MS = 250;

/**
 * What takes a job's answer while it is written: it is read as the whole will be, and told at most four times a second.
 * Nothing where nobody looks on.
 */
export function lookOn<K extends Keyframe>(
  { keyframe, task }: Job<K>,
  { onWriting, prompts, capabilities, clock }: ResolvedStageOptions<K>,
): { readonly onText?: (soFar: string) => void } {
  if (onWriting === null) return {};
  const { source, track, ptsUs } = keyframe;
  const { candidates, prefill } = prompts[task]!;
  let toldMs = Number.NEGATIVE_INFINITY;
  const onText = (soFar: string): void => {
    const nowMs = clock.nowMs();
    if (nowMs - toldMs < EVERY_MS) return;
    toldMs = nowMs;
    const answer = { text: boundAnswer(soFar), labelProbabilities: null };
    const read = parseAnswer({ task, answer, candidates, prefill: capabilities.prefill ? prefill : null });
    onWriting({ source, track, ptsUs, task, emotion: read.emotion, text: read.description ?? '' }, keyframe);
  };
  return { onText };
}
