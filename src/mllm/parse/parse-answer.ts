import { EMOTIONS, type Emotion } from '../../domain/affect.js';
import { emotionOfLabel } from '../../domain/emotion-names.js';
import { type EngineAnswer, type Insight, type MllmTask, NO_COMPOUND } from '../../domain/insight.js';
import { type Probability, probability } from '../../domain/units.js';
import { AnswerMembers } from './answer-members.js';
import { boundAnswer, plainText } from './bounds.js';
import { claimedActionUnits, saysNoUnit } from './claimed-units.js';
import { compoundFromText, saysNoCompound } from './compound-from-text.js';
import { doubtOf, NO_DOUBT, saysCannotTell } from './doubt.js';
import { emotionInWords } from './emotion-in-words.js';
import { findJson } from './find-json.js';
import { shownWords } from './shown-words.js';
import { insideTag } from './tags.js';
import { unitsInJson } from './units-in-json.js';

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
 * Reads an answer: as a JSON object, else by label probabilities where there are some, as `<think>` and `<answer>`
 * tags, or as words. Never throws, whatever the text is: it is cut at MAX_ANSWER_CHARS, and an answer that names nothing
 * the task asks for is 'unparsable' with its words kept in `description`. These rules are for live answers; the papers'
 * own are in src/eval/benchmarks.
 */
export function parseAnswer(input: ParseInput): ParsedAnswer {
  const text = boundAnswer(withPrefill(input.answer.text, input.prefill ?? ''));
  const best = mostProbable(input.answer.labelProbabilities);
  const json = fromJson(input, text);
  const read =
    (json === null ? null : { ...json, confidence: shareOf(json, input.answer.labelProbabilities) }) ??
    (best === null ? null : fromLabel(input, best)) ??
    fromTags(input, text) ??
    fromText(input, text);
  return read ?? { ...NOTHING, parsed: 'unparsable', description: shownWords(text) };
}

/** The whole answer. A server that did not go on from the begun answer began it itself. */
function withPrefill(text: string, prefill: string): string {
  return boundAnswer(text).includes(prefill) ? text : `${prefill}${text}`;
}

interface LabelShare {
  readonly label: string;
  readonly share: Probability;
}

/** Each label's share of the total; null without usable numbers. */
function sharesOf(probabilities: EngineAnswer['labelProbabilities']): readonly LabelShare[] | null {
  const usable = Object.entries(probabilities ?? {}).filter(([, value]) => Number.isFinite(value) && value >= 0);
  const total = usable.reduce((sum, [, value]) => sum + value, 0);
  if (!(total > 0) || !Number.isFinite(total)) return null;
  return usable.map(([label, value]) => ({ label, share: probability(Math.min(1, value / total)) }));
}

/** The best label; null without usable numbers. */
function mostProbable(probabilities: EngineAnswer['labelProbabilities']): LabelShare | null {
  return sharesOf(probabilities)?.reduce((a, b) => (b.share > a.share ? b : a)) ?? null;
}

/** How probable the class is that a JSON answer names, where its engine told the probabilities of the classes. */
function shareOf(
  { emotion, compound }: Pick<ParsedAnswer, 'emotion' | 'compound'>,
  probabilities: EngineAnswer['labelProbabilities'],
): Probability | null {
  const named = sharesOf(probabilities)?.find(({ label }) =>
    compound === null ? emotion !== null && emotionOfLabel(label) === emotion : compoundIn(label) === compound,
  );
  return named?.share ?? null;
}

function fromLabel({ task }: ParseInput, best: { label: string; share: Probability }): ParsedAnswer | null {
  const compound = task === 'compound' ? compoundIn(best.label) : null;
  const emotion = compound === null ? emotionOfLabel(best.label) : null;
  if (compound === null && emotion === null) return null;
  return { ...NOTHING, parsed: 'label', emotion, compound, confidence: best.share };
}

/** The emotions that a question offers: all where it offers no labels. */
function offeredBy(candidates: readonly string[]): readonly Emotion[] {
  return candidates.length === 0 ? EMOTIONS : candidates.map(emotionOfLabel).filter((emotion) => emotion !== null);
}

function fromJson(input: ParseInput, text: string): ParsedAnswer | null {
  const { task } = input;
  const found = findJson(text);
  if (found === null) return null;
  if (task === 'action-units') return unitsFromJson(found);
  const members = AnswerMembers.of(found);
  if (members === null) return null;
  const label = members.label();
  const named = members.words('compound') ?? (task === 'compound' ? label : null) ?? '';
  const compound = compoundIn(named);
  const emotion = members.emotion(offeredBy(input.candidates));
  const doubt = doubtOf({ label, second: members.words('second'), degree: members.words('degree') }, emotion);
  const texts = members.texts();
  const answersTask = emotion !== null || compound !== null || doubt.cannotTell;
  if (!answersTask && !(task === 'describe' && texts.description !== null)) return null;
  return {
    parsed: 'json',
    emotion: compound === null ? emotion : null,
    confidence: null,
    ...doubt,
    compound,
    claimedActionUnits: members.units() ?? claimedActionUnits(`${texts.description ?? ''}\n${texts.reasoning ?? ''}`),
    ...texts,
  };
}

/** Units of a JSON answer: its list, or a list of objects, or units that only its texts name. */
function unitsFromJson(found: object): ParsedAnswer | null {
  const members = Array.isArray(found) ? null : AnswerMembers.of(found);
  const texts = members?.texts() ?? { description: null, reasoning: null };
  const told = claimedActionUnits(`${texts.description ?? ''}\n${texts.reasoning ?? ''}`);
  const units = members === null ? unitsInJson(found) : (members.units() ?? (told.length > 0 ? told : null));
  return units === null ? null : { ...NOTHING, ...texts, parsed: 'json', claimedActionUnits: units };
}

function fromTags(input: ParseInput, text: string): ParsedAnswer | null {
  const answer = insideTag(text, 'answer');
  const thought = insideTag(text, 'think');
  if (answer === null && thought === null) return null;
  const compound = input.task === 'compound' ? compoundIn(text) : null;
  const said = answer ?? text.slice(endOfThought(text));
  const emotion = compound === null ? emotionInWords(said, offeredBy(input.candidates)) : null;
  const cannotTell = emotion === null && compound === null && saysCannotTell(text);
  if (emotion === null && compound === null && !cannotTell) return null;
  return {
    ...NOTHING,
    emotion,
    compound,
    cannotTell,
    parsed: 'tags',
    claimedActionUnits: claimedActionUnits(thought ?? ''),
    reasoning: thought === null ? null : plainText(thought),
  };
}

/** Index after `</think>`; the text's end where the thought never ends. */
function endOfThought(text: string): number {
  const end = text.toLowerCase().indexOf('</think>');
  return end < 0 ? text.length : end + '</think>'.length;
}

function fromText({ task, candidates }: ParseInput, text: string): ParsedAnswer | null {
  if (/<(?:answer|think)>/i.test(text)) return null; // its tags hold nothing that was asked for
  const units = claimedActionUnits(text);
  const cannotTell = saysCannotTell(text);
  const compound = task === 'compound' && !cannotTell ? compoundIn(text) : null;
  const asks = task !== 'action-units' && compound === null && !cannotTell;
  const emotion = asks ? emotionInWords(text, offeredBy(candidates)) : null;
  const none = task === 'action-units' && saysNoUnit(text);
  if (emotion === null && compound === null && units.length === 0 && !cannotTell && !none) return null;
  const texts = task === 'describe' ? threeTexts(text) : null;
  const { description, reasoning } = texts ?? { description: shownWords(text), reasoning: null };
  return {
    ...NOTHING,
    emotion,
    compound,
    cannotTell,
    parsed: 'text',
    claimedActionUnits: units,
    description,
    reasoning,
  };
}

/** The three texts of a description (FEALLM, 2025), a line each: what the face shows, how it moved, and why. Null: they are no three. */
function threeTexts(text: string): Pick<ParsedAnswer, 'description' | 'reasoning'> | null {
  const [summary, movement, reasoning, ...more] = text.split('\n').filter((line) => line.trim() !== '');
  if (reasoning === undefined || more.length > 0) return null;
  return { description: plainText(`${summary} ${movement}`), reasoning: plainText(reasoning) };
}

function compoundIn(text: string): ParsedAnswer['compound'] {
  return compoundFromText(text) ?? (saysNoCompound(text) ? NO_COMPOUND : null);
}
