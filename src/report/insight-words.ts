import { actionUnit } from '../domain/action-units.js';
import {
  CLAIM_VERDICTS,
  type ClaimVerdict,
  type FusedEstimate,
  type Insight,
  type InsightFusion,
  isTemplate,
  NO_COMPOUND,
} from '../domain/insight.js';
import type { LateRefusal } from '../domain/late-evidence.js';

/** Most of an insight that people are shown; engines may answer megabytes. */
export const INSIGHT_LIMITS = { description: 1500, reasoning: 4000, name: 80, units: 40 } as const;

/** Sign and words of each verdict: never told by colour alone. */
export const VERDICT_WORDS: Readonly<Record<ClaimVerdict, { readonly sign: string; readonly words: string }>> = {
  agreed: { sign: '✓', words: 'agreed' },
  contradicted: { sign: '✗', words: 'contradicted' },
  told: { sign: '“', words: 'told beforehand' },
  unclear: { sign: '~', words: 'too close to call' },
  covered: { sign: '?', words: 'covered' },
  notMeasured: { sign: '?', words: 'not measured' },
};

/** A sentence for what was checked, where nothing disagreed; of a template, its origin says it. */
export const STANDING_WORDS = {
  agrees: 'Agrees with the measurement where it could be checked.',
  unchecked: 'Nothing in it could be checked against the measurement.',
} as const;

export interface Claim {
  readonly code: string;
  readonly name: string;
  readonly verdict: ClaimVerdict;
}

/** An insight in words, every text clamped and still unescaped. */
export interface InsightWords {
  /** The expression it names, or what else it is: "happily surprised", "facial movements", "unreadable answer". */
  readonly headline: string;
  /** "happiness, 82 % by its own account": what stands beside the headline, or null. */
  readonly detail: string | null;
  /** It disagrees with the measurement in its expression or in a movement: why, in words; null when it does not. */
  readonly disagreement: string | null;
  /** What of it was checked: something, and nothing disagreed; something disagreed; nothing could be; or it only repeats the measurement. */
  readonly standing: 'agrees' | 'disagrees' | 'unchecked' | 'repeated';
  /** What a person asked; null where nobody did. */
  readonly question: string | null;
  /** Empty of a template, whose words name them. */
  readonly claims: readonly Claim[];
  /** "AU4 brow lowerer": measured clearly, not named. */
  readonly omitted: readonly string[];
  readonly description: string | null;
  readonly reasoning: string | null;
  /** "happiness, 87 %, the model weighed in at 0.3": the measured emotion and the model's together; null without. */
  readonly fused: string | null;
  readonly unparsable: boolean;
  /** "EmoLA, model llava-7b, answered in 820 ms"; of a template, that no model was asked. */
  readonly origin: string;
}

/** What is read of an insight here; also as JSON brings it, where numbers bear no unit. */
export type InsightLike = Pick<
  Insight,
  | 'emotion'
  | 'compound'
  | 'secondEmotion'
  | 'degree'
  | 'cannotTell'
  | 'claimedActionUnits'
  | 'description'
  | 'reasoning'
  | 'parsed'
  | 'check'
  | 'agreesWithMeasured'
  | 'engine'
  | 'model'
  | 'latencyMs'
> & {
  readonly question?: string | undefined;
  readonly confidence: number | null;
  readonly fused: Bare<FusedEstimate> | null;
};

/** The same with numbers that bear no unit, as JSON brings them. */
type Bare<T> = { readonly [K in keyof T]: T[K] extends number ? number : T[K] };

/**
 * A text of at most `limit` UTF-16 units as a string of its own (a slice would keep the whole alive), without control
 * characters but newline and tab, and without bidirectional overrides, which could disguise what is said.
 */
export function clampText(text: string, limit: number): string {
  const cut = text.length > limit;
  const part = [...text.slice(0, limit).replace(/[\ud800-\udbff]$/, '')];
  const clean = part.map((character) => (HIDDEN.test(character) ? '\ufffd' : character)).join('');
  return cut ? `${clean}…` : clean;
}
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** The insight with every list and text cut to what people are shown. */
export function clampInsight<T extends InsightLike>(insight: T): T {
  const units = (list: readonly string[]): string[] =>
    [...new Set(list.filter((unit) => /^[1-9]\d?$/.test(unit)))].slice(0, INSIGHT_LIMITS.units);
  const { check, description, reasoning, engine, model, question } = insight;
  return {
    ...insight,
    ...(question === undefined ? {} : { question: clampText(question, INSIGHT_LIMITS.description) }),
    engine: clampText(engine, INSIGHT_LIMITS.name),
    model: clampText(model, INSIGHT_LIMITS.name),
    description: description === null ? null : clampText(description, INSIGHT_LIMITS.description),
    reasoning: reasoning === null ? null : clampText(reasoning, INSIGHT_LIMITS.reasoning),
    claimedActionUnits: units(insight.claimedActionUnits),
    check: {
      agreed: units(check.agreed),
      contradicted: units(check.contradicted),
      told: units(check.told),
      unclear: units(check.unclear),
      covered: units(check.covered),
      notMeasured: units(check.notMeasured),
      omitted: units(check.omitted),
    },
  };
}

const unitTitle = (key: string): string => {
  const { code, name } = actionUnit(key);
  return `${code} ${name}`;
};

function standingOf(insight: InsightLike, disagreement: string | null): InsightWords['standing'] {
  const { agreesWithMeasured, check } = insight;
  if (isTemplate(insight)) return 'repeated';
  if (disagreement !== null) return 'disagrees';
  return agreesWithMeasured === true || check.agreed.length > 0 ? 'agrees' : 'unchecked';
}

function headlineOf(insight: InsightLike): string {
  const { compound, emotion, cannotTell, parsed, claimedActionUnits, description, question } = insight;
  if (parsed === 'unparsable') return 'unreadable answer';
  if (question !== undefined) return `“${question.trim()}”`;
  if (compound !== null) return compound === NO_COMPOUND ? 'no compound expression' : compound;
  if (cannotTell) return 'cannot tell';
  if (emotion !== null) return emotion;
  if (claimedActionUnits.length > 0) return 'facial movements';
  return description === null ? 'nothing named' : 'description';
}

/** What of it disagrees, as a sentence without its end; null when nothing does. */
function disagreementOf({ agreesWithMeasured, check }: InsightLike): string | null {
  const parts = [
    agreesWithMeasured === false ? 'the expression measured was another' : '',
    check.contradicted.length > 0
      ? `${check.contradicted.map((key) => `AU${key}`).join(', ')} ${check.contradicted.length === 1 ? 'was' : 'were'} measured as absent`
      : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join('; ');
}

const fusedWords = ({ emotion, probability, weight }: Bare<FusedEstimate>): string =>
  `${emotion}, ${Math.round(100 * probability)}\u00a0%, the model weighed in at ${weight}`;

const REFUSAL_WORDS: Readonly<Record<LateRefusal, string>> = {
  'too-late': 'it came too late',
  'not-yet-seen': 'its moment is yet to come',
  'unknown-track': 'the person had left',
  duplicate: 'it says the same again',
  'over-capacity': 'there are too many',
  invalid: 'it is not a number',
};

/** "weighed in at 0.3", "not weighed in: it came too late"; null where it is no evidence. */
export function fusionWords(fusion: Bare<InsightFusion> | null): string | null {
  if (fusion === null) return null;
  return fusion.reason === null ? `weighed in at ${fusion.weight}` : `not weighed in: ${REFUSAL_WORDS[fusion.reason]}`;
}

/** What its reasons are called. */
export const reasonsTitle = (insight: Pick<Insight, 'engine'>): string =>
  isTemplate(insight) ? 'Which movements speak for it' : 'Its reasoning';

/** An insight as people read it. Texts are plain: whoever sets them into markup escapes them. */
export function insightWords(unclamped: InsightLike): InsightWords {
  const insight = clampInsight(unclamped);
  const { emotion, secondEmotion, degree, confidence, compound, check, engine, model, latencyMs, parsed } = insight;
  const verdictOf = (key: string): ClaimVerdict =>
    CLAIM_VERDICTS.find((verdict) => check[verdict].includes(key)) ?? 'notMeasured';
  const sure =
    confidence === null || !Number.isFinite(confidence)
      ? ''
      : `${Math.round(100 * confidence)}\u00a0% by its own account`;
  const detail = [
    compound !== null && emotion !== null ? emotion : '',
    degree ?? '',
    secondEmotion === null ? '' : `with some ${secondEmotion}`,
    emotion !== null ? sure : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
  const disagreement = disagreementOf(insight);
  const template = isTemplate(insight);
  const took = latencyMs < 1000 ? `${Math.round(latencyMs)}\u00a0ms` : `${(latencyMs / 1000).toFixed(1)}\u00a0s`;
  return {
    headline: headlineOf(insight),
    detail: detail === '' ? null : detail,
    disagreement,
    standing: standingOf(insight, disagreement),
    question: insight.question?.trim() ?? null,
    claims: (template ? [] : insight.claimedActionUnits).map((key) => {
      const { code, name } = actionUnit(key);
      return { code, name, verdict: verdictOf(key) };
    }),
    omitted: check.omitted.map(unitTitle),
    description: insight.description?.trim() || null,
    reasoning: insight.reasoning?.trim() || null,
    fused: insight.fused ? fusedWords(insight.fused) : null,
    unparsable: parsed === 'unparsable',
    origin: template
      ? `Written by mien from its measurements (${model}), not by a model; nothing checks it independently`
      : `${engine}, model ${model}, answered in ${took}`,
  };
}

/**
 * The insight with nothing of emotions left, for the action-units-only mode: words of a model may name them, so these go
 * too. A template was told none there.
 */
export function withoutEmotions<T extends InsightLike>(insight: T): T {
  return {
    ...insight,
    emotion: null,
    secondEmotion: null,
    degree: null,
    cannotTell: false,
    confidence: null,
    compound: null,
    ...(isTemplate(insight) ? {} : { description: null, reasoning: null }),
    agreesWithMeasured: null,
    fused: null,
  };
}
