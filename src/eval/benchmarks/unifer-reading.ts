import { boundAnswer } from '../../mllm/parse/bounds.js';

type Synonyms = Readonly<Record<string, readonly string[]>>;

/** Synonyms by label and set, in the order in which UniFER's scripts (2025) look for them. */
const SYNONYMS = {
  'RAF-DB': {
    anger: ['angry'],
    disgust: ['revulsion', 'repulsion'],
    fear: ['terror', 'fright'],
    happiness: ['joy', 'happy'],
    sadness: ['sad'],
    neutral: ['normal', 'calm', 'blank'],
    surprise: ['shock', 'astonishment'],
  },
  FERPlus: {
    angry: ['anger'],
    contempt: ['scorn', 'disdain'],
    disgust: ['revulsion', 'repulsion'],
    fear: ['terror', 'fright'],
    happy: ['joy', 'happiness'],
    sad: ['sorrow', 'unhappy'],
    neutral: ['normal', 'calm', 'blank'],
    surprise: ['shock', 'astonishment'],
  },
  AffectNet: {
    anger: ['angry', 'mad'],
    contempt: ['scorn', 'disdain'],
    disgust: ['revulsion', 'repulsion'],
    fear: ['terror', 'fright'],
    happiness: ['joy', 'happy'],
    sadness: ['sad'],
    neutral: ['normal', 'calm', 'blank'],
    surprise: ['shock', 'astonishment'],
  },
  'SFEW 2.0': {
    angry: ['anger', 'mad'],
    disgust: ['revulsion', 'repulsion'],
    fear: ['terror', 'fright'],
    happy: ['joy', 'happiness'],
    sad: ['sorrow', 'unhappy'],
    neutral: ['normal', 'calm', 'blank'],
    surprise: ['shock', 'astonishment'],
  },
} as const satisfies Readonly<Record<string, Synonyms>>;
type UniferSet = keyof typeof SYNONYMS;

/** The set whose rules apply; one that is not of FERBench's four goes by how it writes its labels. */
function rulesFor(part: string, candidates: readonly string[]): UniferSet {
  if (Object.hasOwn(SYNONYMS, part)) return part as UniferSet;
  const contempt = candidates.includes('contempt');
  if (candidates.includes('happiness')) return contempt ? 'AffectNet' : 'RAF-DB';
  return contempt ? 'FERPlus' : 'SFEW 2.0';
}

/**
 * The label that UniFER's evaluation scripts (2025) read in an answer to a FERBench question: inside closed `<answer>` tags
 * the first candidate that the text is or contains; else the first candidate anywhere in the response; else the first label
 * of the set with a synonym anywhere in it. All by letters, not by words. Null for "unknown".
 *
 * @param part - the set, as ferbenchSet names it
 * @param script - the script of the set, or the one over all sets: they find the tags of SFEW 2.0 differently
 */
export function uniferLabel(
  response: string,
  { part, candidates }: { readonly part: string; readonly candidates: readonly string[] },
  script: 'set' | 'total',
): string | null {
  const whole = boundAnswer(response);
  const rules = rulesFor(part, candidates);
  const answer = rules === 'SFEW 2.0' && script === 'set' ? firstTagged(whole) : taggedLine(whole);
  const inTags =
    answer === null
      ? undefined
      : candidates.find((candidate) => answer.toLowerCase().includes(candidate.toLowerCase()));
  const lower = whole.toLowerCase();
  const synonyms: Synonyms = SYNONYMS[rules];
  return (
    inTags ??
    candidates.find((candidate) => lower.includes(candidate)) ??
    Object.keys(synonyms).find((label) => synonyms[label]!.some((word) => lower.includes(word))) ??
    null
  );
}

/** Between the first `<answer>` that is closed and its end, over lines; tags in lower case. */
function firstTagged(text: string): string | null {
  const open = text.indexOf('<answer>');
  const end = open < 0 ? -1 : text.indexOf('</answer>', open + 8);
  return end < 0 ? null : text.slice(open + 8, end);
}

/** Between the first tags that hold one line, white space around it aside; in lower case, tags in any case. */
function taggedLine(text: string): string | null {
  const lower = text.toLowerCase();
  for (let open = lower.indexOf('<answer>'); open >= 0; open = lower.indexOf('<answer>', open + 1)) {
    const end = lower.indexOf('</answer>', open + 8);
    if (end < 0) return null;
    const inside = lower.slice(open + 8, end).trim();
    if (!inside.includes('\n')) return inside;
  }
  return null;
}
