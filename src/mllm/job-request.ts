import type { EngineRequest } from '../domain/insight.js';
import type { Job } from './job.js';
import { buildRequest, tellsPriors } from './prompts/build-request.js';
import type { ResolvedStageOptions } from './stage-options.js';
import { toldPriors } from './told-priors.js';

/** A job's question, and the action units whose measurement it tells, FACS numbers. */
export function jobRequest(
  { task, keyframe }: Job,
  { prompts, usePriors, capabilities }: Pick<ResolvedStageOptions, 'prompts' | 'usePriors' | 'capabilities'>,
): { readonly request: EngineRequest; readonly told: readonly string[] } {
  const { faceJpeg, contextJpeg, ordinal } = keyframe;
  const template = prompts[task]!;
  const priors = usePriors && tellsPriors(template) ? toldPriors(keyframe.priors, ordinal) : null;
  const request = buildRequest({
    template,
    images: contextJpeg === null || template.pictures !== 'face+context' ? [faceJpeg] : [contextJpeg, faceJpeg],
    priors,
    capabilities,
  });
  return { request, told: Object.keys(priors?.actionUnits ?? {}) };
}
