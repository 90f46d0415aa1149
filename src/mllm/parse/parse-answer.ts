import { emotionOfLabel } from '../../domain/emotion-names.js';
import { type EngineAnswer, type Insight, type MllmTask, NO_COMPOUND } from '../../domain/insight.js';
import { type Probability, probability } from '../../domain/units.js';
import { actionUnitNumbers, claimedActionUnits } from './action-units-from-text.js';
import { boundAnswer, plainText } from './bounds.js';
import { compoundFromText, saysNoCompound } from './compound-from-text.js';
import { doubtOf, NO_DOUBT, saysCannotTell } from './doubt.js';
import { emotionFromText } from './emotion-from-text.js';
import { findJsonObject } from './find-json.js';
import { insideTag, labelFromAnswer } from './label-from-answer.js';
import { shownWords } from './shown-words.js';

/** What an answer says, typed; nothing in it is trusted beyond that. */
export type ParsedAnswer = Pick<
  Insight,
  | 'parsed'
  | 'emotion'
  | 'confidence'
  | 'secondEmotion'
  | 'degree'
  | 'cannotTell'
  | 'compound'
  | 'claimedActionUnits'
  | 'description'
  | 'reasoning'
>;

export interface ParseInput {
  readonly task: MllmTask;
  readonly answer: Pick<EngineAnswer, 'text' | 'labelProbabilities'>;
  /** Labels the question offered, as it wrote them; empty when it offered none. */
  readonly candidates: readonly string[];
  /** What the answer was begun with; it is not part of `answer.text`. */
  readonly prefill: string | null;
}

const NOTHING = {
  ...NO_DOUBT,
  emotion: null,
  confidence: null,
  compound: null,
  claimedActionUnits: [],
  description: null,
  reasoning: null,
} as const;

/**
 * Reads an answer: by label probabilities where there are some, else as a JSON object, as `<think>` and `<answer>`
 * tags, or by the papers' text rules. Never throws, whatever the text is: it is cut at MAX_ANSWER_CHARS, and an answer
 * that names nothing the task asks for is 'unparsable' with its words kept in `description`.
 */
export function parseAnswer(input: ParseInput): ParsedAnswer {
  const text = boundAnswer(withPrefill(input.answer.text, input.prefill ?? ''));
  const best = mostProbable(input.answer.labelProbabilities);
  const read =
    (best === null ? null : fromLabel(input, best)) ??
    fromJson(input, text) ??
    fromTags(input, text) ??
    fromText(input, text);
  return read ?? { ...NOTHING, parsed: 'unparsable', description: shownWords(text) };
}

/** The whole answer. A server that did not go on from the begun answer began it itself. */
function withPrefill(text: string, prefill: string): string {
  return boundAnswer(text).includes(prefill) ? text : `${prefill}${text}`;
}

/** The best label and its share of the total; null without usable numbers. */
function mostProbable(probabilities: EngineAnswer['labelProbabilities']): { label: string; share: Probability } | null {
  const usable = Object.entries(probabilities ?? {}).filter(([, value]) => Number.isFinite(value) && value >= 0);
  const total = usable.reduce((sum, [, value]) => sum + value, 0);
  if (!(total > 0) || !Number.isFinite(total)) return null;
  const [label, value] = usable.reduce((a, b) => (b[1] > a[1] ? b : a));
  return { label, share: probability(Math.min(1, value / total)) };
}

function fromLabel({ task }: ParseInput, best: { label: string; share: Probability }): ParsedAnswer | null {
  const compound = task === 'compound' ? compoundIn(best.label) : null;
  const emotion = compound === null ? emotionOfLabel(best.label) : null;
  if (compound === null && emotion === null) return null;
  return { ...NOTHING, parsed: 'label', emotion, compound, confidence: best.share };
}

function fromJson({ task }: ParseInput, text: string): ParsedAnswer | null {
  const object = findJsonObject(text);
  if (object === null) return null;
  const member = (name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
  const words = (name: string): string | null => {
    const value = member(name);
    return typeof value === 'string' ? plainText(value) : null;
  };
  const label = words('emotion') ?? words('answer');
  const emotion = label === null ? null : (emotionOfLabel(label) ?? emotionFromText(label));
  const compound = compoundIn(words('compound') ?? (task === 'compound' ? label : null) ?? '');
  const doubt = doubtOf(words, { emotion });
  const list = member('action_units');
  const units = Array.isArray(list) ? actionUnitNumbers(list.map(unitOf)) : [];
  const description = [words('summary'), words('movement'), words('description')]
    .filter((part) => part !== null)
    .join(' ');
  const reasoning = words('reasoning');
  const answersTask =
    task === 'action-units' ? Array.isArray(list) : emotion !== null || compound !== null || doubt.cannotTell;
  if (!answersTask && !(task === 'describe' && description !== '')) return null;
  return {
    parsed: 'json',
    emotion: compound === null ? emotion : null,
    confidence: null,
    ...doubt,
    compound,
    claimedActionUnits: units,
    description: plainText(description),
    reasoning,
  };
}

/** An entry of `action_units`: a number, a text, or an object that holds one. */
function unitOf(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  for (const name of ['au', 'unit', 'number']) {
    if (Object.hasOwn(entry, name)) return (entry as Record<string, unknown>)[name];
  }
  return null;
}

function fromTags(input: ParseInput, text: string): ParsedAnswer | null {
  const answer = insideTag(text, 'answer');
  const thought = insideTag(text, 'think');
  if (answer === null && thought === null) return null;
  const named = nameIn(input, text);
  if (named.emotion === null && named.compound === null) return null;
  return {
    ...NOTHING,
    ...named,
    parsed: 'tags',
    claimedActionUnits: claimedActionUnits(thought ?? ''),
    reasoning: thought === null ? null : plainText(thought),
  };
}

function fromText(input: ParseInput, text: string): ParsedAnswer | null {
  const units = claimedActionUnits(text);
  const cannotTell = saysCannotTell(text);
  const named = input.task === 'action-units' || cannotTell ? { emotion: null, compound: null } : nameIn(input, text);
  if (named.emotion === null && named.compound === null && units.length === 0 && !cannotTell) return null;
  return { ...NOTHING, ...named, cannotTell, parsed: 'text', claimedActionUnits: units, description: shownWords(text) };
}

/** The emotion or compound expression of a text, by the rules of the paper the task comes from. */
function nameIn({ task, candidates }: ParseInput, text: string): Pick<ParsedAnswer, 'emotion' | 'compound'> {
  const compound = task === 'compound' ? compoundIn(text) : null;
  if (compound !== null) return { emotion: null, compound };
  const label = candidates.length > 0 ? labelFromAnswer(text, candidates) : null;
  const emotion =
    (label === null ? null : emotionOfLabel(label)) ?? (candidates.length > 0 ? null : emotionFromText(text));
  return { emotion, compound: null };
}

function compoundIn(text: string): ParsedAnswer['compound'] {
  return compoundFromText(text) ?? (saysNoCompound(text) ? NO_COMPOUND : null);
}
