import type { EngineRequest, MeasuredPriors } from '../domain/insight.js';
import type { Job } from './job.js';
import { wantKey, wantOf } from './picture-wants.js';
import { buildRequest, tellsPriors } from './prompts/build-request.js';
import type { ResolvedStageOptions } from './stage-options.js';
import { toldPriors } from './told-priors.js';

type AskOptions = Pick<ResolvedStageOptions, 'prompts' | 'usePriors' | 'capabilities' | 'imagePx'>;

/** What nothing was measured of. */
const UNTOLD: Pick<MeasuredPriors, 'actionUnits' | 'pose' | 'sharpness'> = {
  actionUnits: null,
  pose: null,
  sharpness: null,
};

/** A job's question, and the action units whose measurement it tells, in words or numbers: FACS numbers. */
export function jobRequest(
  { task, keyframe }: Job,
  { prompts, usePriors, capabilities, imagePx }: AskOptions,
): { readonly request: EngineRequest; readonly told: readonly string[] } {
  const template = prompts[task]!;
  const { mesh, pictures, faceJpeg, readings } = keyframe;
  const all = capabilities.readings === true;
  const tells = !all && usePriors && (tellsPriors(template) || capabilities.evidence === true);
  const priors = tells ? toldPriors(keyframe.priors, keyframe.ordinal) : null;
  const { actionUnits, pose, sharpness } = priors ?? UNTOLD;
  const request = buildRequest({
    template,
    images: pictures[wantKey(wantOf(template, { imagePx, capabilities }))] ?? [faceJpeg],
    priors,
    evidence: capabilities.evidence !== false ? { mesh, actionUnits, pose, sharpness } : null,
    capabilities,
    ...(all ? { readings } : {}),
  });
  return { request, told: Object.keys((all ? keyframe.priors.actionUnits : actionUnits) ?? {}) };
}
