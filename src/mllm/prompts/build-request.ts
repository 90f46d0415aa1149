import type { FaceReadings } from '../../domain/face-readings.js';
import type {
  Adapters,
  EngineCapabilities,
  EngineEvidence,
  EngineRequest,
  MeasuredPriors,
} from '../../domain/insight.js';
import type { AnswerForm, PromptTemplate } from '../../domain/prompt-template.js';
import { labelMember } from './label-member.js';
import { picturesText } from './pictures-text.js';
import { priorsText } from './priors-text.js';

export interface RequestInput {
  readonly template: PromptTemplate;
  readonly images: readonly Uint8Array[];
  /** Put into the question; null to leave them out. */
  readonly priors: MeasuredPriors | null;
  /** Numbers for an engine that takes them. Default: none. */
  readonly evidence?: EngineEvidence | null;
  readonly capabilities: EngineCapabilities;
  /** Models of the engine by task, where some have one of their own. */
  readonly adapters?: Adapters | undefined;
  /** All that was measured, for an engine that answers from it. Default: left out. */
  readonly readings?: FaceReadings;
  /** What a person asks, as plain text on one line; stands for `{question}`. Default: nobody asks. */
  readonly question?: string;
}

/**
 * A template filled in for one keyframe, with only what the engine can do: without prefill the begun answer is left
 * out; without several images only the last is sent, and several are always explained; a form it cannot hold an answer to is left out; a label question
 * to an engine without log-probabilities becomes a short free answer.
 */
export function buildRequest(input: RequestInput): EngineRequest {
  const { template, capabilities } = input;
  const model = input.adapters?.[template.task];
  const form: AnswerForm = keptBy(capabilities, template.form) ? template.form : { kind: 'words' };
  const leading = form.kind === 'json' && capabilities.logProbabilities ? labelMember(form.schema) : null;
  const byLabel = template.labelPath && capabilities.logProbabilities;
  const images = capabilities.severalImages ? input.images : input.images.slice(-1);
  const pictures = picturesText(template.pictures, images.length);
  const values = {
    pictures,
    candidates: template.candidates.join(', '),
    priors: input.priors === null ? '' : priorsText(input.priors),
    ...(input.question === undefined ? {} : { question: input.question }),
  };
  return {
    task: template.task,
    promptId: template.id,
    system: template.system,
    user: fill(template.user.includes('{pictures}') ? template.user : `{pictures}\n${template.user}`, values),
    examples: template.examples,
    images,
    evidence: input.evidence ?? null,
    form,
    labels: byLabel ? template.candidates : null,
    prefill: capabilities.prefill ? template.prefill : null,
    maxTokens: template.labelPath && !byLabel ? SHORT_ANSWER_TOKENS : template.maxTokens,
    ...(leading === null ? {} : { labelMember: leading }),
    ...(model === undefined ? {} : { model }),
    ...(input.readings === undefined ? {} : { readings: input.readings }),
    ...(input.question === undefined ? {} : { question: input.question }),
  };
}

/** Whether a question has a place for what was measured. */
export const tellsPriors = ({ user }: PromptTemplate): boolean => user.includes('{priors}');

/** Room for a label between tags. */
const SHORT_ANSWER_TOKENS = 24;

function keptBy({ jsonSchema, choice, regex }: EngineCapabilities, { kind }: AnswerForm): boolean {
  return { words: true, json: jsonSchema, choice, regex }[kind];
}

/** Replaces `{name}` by its value in one pass, so that a value is never filled in again; drops lines left empty. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text
    .replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : whole))
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}
