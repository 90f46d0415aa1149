import type { EngineRequest } from '../domain/insight.js';
import type { Job } from './job.js';
import { buildRequest } from './prompts/build-request.js';
import type { PromptTemplate } from './prompts/template.js';
import type { ResolvedStageOptions } from './stage-options.js';

/** The template of a job's present stage. */
export function jobTemplate(job: Job, { prompts }: Pick<ResolvedStageOptions, 'prompts'>): PromptTemplate {
  const { first, next } = prompts[job.task]!;
  return job.first === null ? first : (next ?? first);
}

/** A job's present question. */
export function jobRequest(
  job: Job,
  options: Pick<ResolvedStageOptions, 'prompts' | 'usePriors' | 'capabilities'>,
): EngineRequest {
  const { faceJpeg, contextJpeg, priors } = job.keyframe;
  return buildRequest({
    template: jobTemplate(job, options),
    images: contextJpeg === null ? [faceJpeg] : [faceJpeg, contextJpeg],
    priors: options.usePriors ? priors : null,
    basic: job.first?.basic ?? null,
    capabilities: options.capabilities,
  });
}
