import type { Keyframe } from '../domain/insight.js';
import type { Clock } from '../rx/clock.js';
import type { Job } from './job.js';
import { boundAnswer } from './parse/bounds.js';
import { parseAnswer } from './parse/parse-answer.js';
import type { ResolvedStageOptions } from './stage-options.js';

/** An answer in the making is read again at most so often: reading costs its length each time. */
const EVERY_MS = 250;

/** Tells an answer in the making at most four times a second. */
export function throttled(clock: Clock, tell: (soFar: string) => void): (soFar: string) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  return (soFar) => {
    const nowMs = clock.nowMs();
    if (nowMs - toldMs < EVERY_MS) return;
    toldMs = nowMs;
    tell(soFar);
  };
}

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
  const onText = throttled(clock, (soFar) => {
    const answer = { text: boundAnswer(soFar), labelProbabilities: null };
    const read = parseAnswer({ task, answer, candidates, prefill: capabilities.prefill ? prefill : null });
    onWriting({ source, track, ptsUs, task, emotion: read.emotion, text: read.description ?? '' }, keyframe);
  });
  return { onText };
}
