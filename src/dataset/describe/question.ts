import { actionUnit } from '../../domain/action-units.js';
import { longestJson, tokensForChars } from '../../domain/answer-length.js';
import type { PromptTemplate } from '../../domain/prompt-template.js';
import { PLAIN } from '../../mllm/prompts/template.js';
import { type Fault, LENGTHS, TEXTS } from './check-texts.js';
import type { FaceFacts } from './facts.js';

/** An answer that was not taken, and why. */
export interface Refused {
  readonly answer: string;
  readonly faults: readonly Fault[];
}

const SCHEMA = {
  type: 'object',
  properties: Object.fromEntries(TEXTS.map((name) => [name, { type: 'string', maxLength: LENGTHS[name][1] }])),
  required: [...TEXTS],
  additionalProperties: false,
} as const;

/** Of a refused answer as much is repeated as a right one may be long. */
const REPEATED_CHARS = 2_000;

/** The question for the three texts about a face whose labels are known; after an answer that was not taken, with what was wrong. */
export function describeQuestion(facts: FaceFacts, refused: Refused | null): PromptTemplate {
  const { expression, units } = facts;
  const user = [
    'Write three texts about the face in this picture, for people who learn to read faces. What is known of it:',
    expression === null ? '' : `- Its expression is ${expression}.`,
    ...(units === null ? [] : unitLines(units)),
    'Answer with one JSON object with these members in this order.',
    `summary: in one sentence, ${expression === null ? 'what the face shows, without a word for an emotion' : `what the face shows; name the expression, ${expression}`}.`,
    `movement: which parts of the face have moved and how${units === null ? ', in plain words without names or numbers of action units' : '; name each active action unit by its number, such as AU12, and no other'}.`,
    `reasoning: in at most three sentences, ${expression === null ? 'what each movement does to the face' : 'how what has moved speaks for the expression'}.`,
    `Each has ${LENGTHS.summary[0]} characters at least; summary at most ${LENGTHS.summary[1]}, movement ${LENGTHS.movement[1]}, reasoning ${LENGTHS.reasoning[1]}.`,
    'Describe what is seen. Name no other emotion and no other action unit, not even to deny it, and speak neither of labels nor of these instructions.',
    ...(refused === null ? [] : refusedLines(refused)),
  ];
  return {
    ...PLAIN,
    id: 'describe-labelled@1',
    task: 'describe',
    user: user.filter((line) => line !== '').join('\n'),
    form: { kind: 'json', schema: SCHEMA },
    maxTokens: tokensForChars(longestJson(SCHEMA)!),
  };
}

function unitLines({ coded, present }: NonNullable<FaceFacts['units']>): string[] {
  const named = (list: readonly string[]): string =>
    list.map((unit) => `AU${unit} ${actionUnit(unit).name}`).join(', ');
  const absent = coded.filter((unit) => !present.includes(unit));
  return [
    `- Active action units: ${present.length === 0 ? 'none' : named(present)}.`,
    absent.length === 0 ? '' : `- Not active: ${named(absent)}.`,
  ];
}

const refusedLines = ({ answer, faults }: Refused): string[] => [
  `An earlier answer was: ${answer.replace(/\s+/g, ' ').slice(0, REPEATED_CHARS)}`,
  `It cannot be used: ${faults.map(({ words }) => words).join('. ')}. Write all three texts again.`,
];
