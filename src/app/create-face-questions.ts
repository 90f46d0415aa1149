import type { ServeConfig } from '../config/serve-config.js';
import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import { FaceQuestions } from '../mllm/face-questions.js';
import type { LiveQuestions } from '../mllm/live-questions.js';
import { MEASURED_CAPABILITIES, MeasuredEngine } from '../mllm/measured-engine.js';

/** What answers questions of persons: the engine that is configured; without one, the measurements themselves. */
export function createFaceQuestions(
  { mllm, mode }: Pick<ServeConfig, 'mllm' | 'mode'>,
  { inner, showFaces }: { readonly inner: LiveQuestions | null; readonly showFaces: boolean },
): FaceQuestions {
  const measured = { engine: new MeasuredEngine(), capabilities: MEASURED_CAPABILITIES };
  return new FaceQuestions({
    inner,
    ready: () => (inner ? inner.answering : measured),
    emotions: mode === 'full',
    priors: mllm?.priors ?? MLLM_DEFAULTS.priors,
    imagePx: mllm?.imagePx ?? MLLM_DEFAULTS.imagePx,
    timeoutMs: mllm?.engine.timeoutMs ?? MLLM_DEFAULTS.timeoutMs,
    showFaces,
  });
}
