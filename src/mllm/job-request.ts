import type {
  EngineCapabilities,
  EngineEvidence,
  EngineRequest,
  Keyframe,
  MeasuredPriors,
  MllmEngine,
} from '../domain/insight.js';
import type { Job } from './job.js';
import { wantKey, wantOf } from './picture-wants.js';
import { buildRequest, tellsPriors } from './prompts/build-request.js';
import type { ResolvedStageOptions } from './stage-options.js';
import { toldPriors } from './told-priors.js';

type AskOptions = { readonly engine: Pick<MllmEngine, 'adapters'> } & Pick<
  ResolvedStageOptions,
  'prompts' | 'usePriors' | 'capabilities' | 'imagePx'
>;

/** What nothing was measured of. */
const UNTOLD: Omit<EngineEvidence, 'mesh'> = { actionUnits: null, pose: null, sharpness: null };

/** The numbers beside a question about a keyframe, for an engine that takes some; of what was measured only what may be told. */
export function keyframeEvidence(
  { mesh }: Pick<Keyframe, 'mesh'>,
  told: MeasuredPriors | null,
  { numericPriors }: Pick<EngineCapabilities, 'numericPriors'>,
): EngineEvidence | null {
  if (numericPriors === false) return null;
  const { actionUnits, pose, sharpness } = told ?? UNTOLD;
  return { mesh, actionUnits, pose, sharpness };
}

/** A job's question, and the action units whose measurement it tells, in words or numbers: FACS numbers. */
export function jobRequest(
  { task, keyframe }: Job,
  { engine, prompts, usePriors, capabilities, imagePx }: AskOptions,
): { readonly request: EngineRequest; readonly told: readonly string[] } {
  const template = prompts[task]!;
  const { pictures, faceJpeg, readings } = keyframe;
  const all = capabilities.readings === true;
  const tells = !all && usePriors && (tellsPriors(template) || capabilities.numericPriors === true);
  const priors = tells ? toldPriors(keyframe.priors, keyframe.ordinal) : null;
  const request = buildRequest({
    template,
    images: pictures[wantKey(wantOf(template, { imagePx, capabilities }))] ?? [faceJpeg],
    priors,
    evidence: keyframeEvidence(keyframe, priors, capabilities),
    capabilities,
    adapters: engine.adapters,
    ...(all ? { readings } : {}),
  });
  return { request, told: Object.keys((all ? keyframe.priors : priors)?.actionUnits ?? {}) };
}
