import type { Emotion } from '../../domain/affect.js';
import type { EngineCapabilities, EngineRequest, MeasuredPriors } from '../../domain/insight.js';
import { priorsText } from './priors-text.js';
import type { PromptTemplate } from './template.js';

export interface RequestInput {
  readonly template: PromptTemplate;
  readonly images: readonly Uint8Array[];
  /** Put into the question; null to leave them out. */
  readonly priors: MeasuredPriors | null;
  /** What an earlier stage of the question named; null without one. */
  readonly basic: Emotion | null;
  readonly capabilities: EngineCapabilities;
}

/**
 * A template filled in for one keyframe, with only what the engine can do: without prefill the begun answer is left
 * out; without several images only the face is sent; a label question to an engine without log-probabilities becomes
 * a short free answer.
 */
export function buildRequest(input: RequestInput): EngineRequest {
  const { template, capabilities } = input;
  const byLabel = template.labelPath && capabilities.logProbabilities;
  const values = {
    candidates: template.candidates.join(', '),
    basic: input.basic === null ? '' : `The leading basic expression seems to be ${input.basic}.`,
    priors: input.priors === null ? '' : priorsText(input.priors),
  };
  return {
    task: template.task,
    promptId: template.id,
    system: template.system,
    user: fill(template.user, values),
    images: capabilities.severalImages ? input.images : input.images.slice(0, 1),
    schema: template.schema,
    labels: byLabel ? template.candidates : null,
    prefill: capabilities.prefill ? template.prefill : null,
    maxTokens: template.labelPath && !byLabel ? SHORT_ANSWER_TOKENS : template.maxTokens,
  };
}

/** Room for a label between tags. */
const SHORT_ANSWER_TOKENS = 24;

/** Replaces `{name}` by its value in one pass, so that a value is never filled in again; drops lines left empty. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text
    .replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : whole))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');
}
