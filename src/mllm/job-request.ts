import type { EngineRequest } from '../domain/insight.js';
import type { Job } from './job.js';
import { buildRequest } from './prompts/build-request.js';
import type { ResolvedStageOptions } from './stage-options.js';

/** A job's question. */
export function jobRequest(
  { task, keyframe }: Job,
  { prompts, usePriors, capabilities }: Pick<ResolvedStageOptions, 'prompts' | 'usePriors' | 'capabilities'>,
): EngineRequest {
  const { faceJpeg, contextJpeg, priors } = keyframe;
  const template = prompts[task]!;
  return buildRequest({
    template,
    images: contextJpeg === null || template.pictures !== 'face+context' ? [faceJpeg] : [contextJpeg, faceJpeg],
    priors: usePriors ? priors : null,
    capabilities,
  });
}
