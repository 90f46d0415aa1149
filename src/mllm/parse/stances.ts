/** What a sentence says about a thing it names: that it is there, that it is not, or neither (a condition, a rule). */
export type Stance = 'affirmed' | 'denied' | 'supposed';

/** Characters of a sentence that name something. */
export interface Span {
  readonly start: number;
  /** The first character after it. */
  readonly end: number;
}

/** Turns of phrase that hold a word of negation and deny nothing. */
const NO_DENIALS =
  /\b(?:not (?:only|just|merely|to mention)|no(?:thing)? (?:doubt|question|but|less than|surprise that)|without (?:a |any )?doubt|nothing if not|no wonder|(?:can(?:no|')t|can not|hard to) (?:miss|help but))\b/g;
/** Places where what was denied before no longer counts. */
const CLAUSE_ENDS =
  /[;\u2014]|\s[-\u2013]\s(?=\D)|\b(?:but|however|whereas|while|although|though|yet|because|since|nevertheless)\b/;
const VERB =
  /\b(?:is|are|was|were|looks?|seems?|appears?|shows?|has|have|feels?|displays?|conveys?|suggests?|speaks?|expresses|exhibits?|remains?|makes?|tells?|reads?|does|do|did|can|could|may|might|dominates?|prevails?|points?)\b/;
const NAMED = '⟦\\d+⟧';
/** One name, or several joined ones: what a verb after them is about. */
const NAMES = `((?:${NAMED}[\\s,/&+()]*(?:(?:and|or|nor|the|an?)\\s+)*)+)`;
const AUXILIARY =
  '(?:is|are|was|were|seems?|looks?|appears?|remains?|does|do|did|can|could|has|have|be|been|rather|very|quite|also|clearly|really|still|fully|completely|highly)';
const CONTRACTION = "(?:is|are|was|were|does|do|did|can|could|has|have)n['\u2019]t";
const ABSENT =
  '(?:absent|unlikely|improbable|implausible|missing|inactive|excluded|ruled out|doubtful|questionable|lacking|disengaged|out of the question|nowhere)';
/** "X is not", "X isn't", "X: absent", "X (no)", "X = 0". */
const DENIED_AFTER = [
  new RegExp(`${NAMES}${AUXILIARY}\\s+(?:${AUXILIARY}\\s+)*(?:not|never|hardly|barely|scarcely)\\b`, 'g'),
  new RegExp(`${NAMES}(?:${CONTRACTION}|cannot)\\b`, 'g'),
  new RegExp(`${NAMES}(?:[:=(\\u2013-]\\s*|${AUXILIARY}\\s+|cannot\\s+)*${ABSENT}\\b`, 'g'),
  new RegExp(`${NAMES}(?:[:=(\\u2013-]\\s*)(?:no\\b|not\\b|none\\b|false\\b|0(?![.\\d]))`, 'g'),
  new RegExp(`${NAMES}(?:[:=(-]\\s*)?[\\u2717\\u2718\\u274c\\u00d7]`, 'g'),
];
/** "Absent: ...": the heading of a list. */
const ABSENT_HEADING =
  /^[^⟦:]{0,40}\b(?:absent|inactive|missing|excluded|ruled out|not (?:present|active|visible|seen|observed|detected))\b[^⟦:]{0,20}:/;
const CUES = new RegExp(
  [
    '(?<names>⟦\\d+⟧)',
    '(?<less>\\bless\\b)',
    '(?<than>\\b(?:rather|other) than\\b|\\bthan\\b)',
    "(?<denies>\\bnot\\b|n['\u2019]t\\b|\\b(?:no|cannot|never|neither|nor|without|hardly|barely|scarcely|lacks?|lacking|nothing|none|few|unlike|against)\\b|(?<!\\ba )\\blittle\\b|\\b(?:absence|lack|free|devoid|instead) of\\b|\\bfar from\\b|\\bas opposed to\\b|\\b(?:absent|inactive|missing)\\b(?=\\s+⟦))",
    '(?<ends>\\b(?:except|apart from|besides|only|just|simply|merely|instead)\\b|\\band (?:(?:also|then|instead) )?(?:he|she|it|they|is|are|looks?|seems?|appears?|shows?|has|feels?)\\b)',
  ].join('|'),
  'g',
);
const SUPPOSES =
  /\b(?:if|whether|unless|often|usually|typically|generally|sometimes)\b|\bwould\b(?! (?:say|call|describe|go|choose|guess|judge|put|rate|be (?:best|described)))/;

/**
 * The stance of a sentence towards each span, in their order. Denials count within their clause ("no", "isn't", "rather
 * than", "X is absent"), never by letters inside other words; lists carry them on ("no A, B or C").
 */
export function stancesOf(sentence: string, spans: readonly Span[]): Stance[] {
  const stances = spans.map((): Stance => 'affirmed');
  const marked = mark(sentence, spans).replace(NO_DENIALS, ' ');
  if (ABSENT_HEADING.test(marked)) return stances.map(() => 'denied');
  for (const clause of marked.split(CLAUSE_ENDS)) judgeClause(clause, stances);
  for (const pattern of DENIED_AFTER) {
    for (const [, names] of marked.matchAll(pattern)) for (const at of namesIn(names!)) stances[at] = 'denied';
  }
  return stances;
}

/** The sentence in lower case, each span replaced by its number between ⟦ and ⟧, which the sentence itself has none of. */
function mark(text: string, spans: readonly Span[]): string {
  const sentence = text.replace(/[⟦⟧]/g, ' ');
  let marked = '';
  let at = 0;
  for (const [index, { start, end }] of spans.entries()) {
    marked += `${sentence.slice(at, start)}⟦${index}⟧`;
    at = end;
  }
  return (marked + sentence.slice(at)).toLowerCase();
}

const namesIn = (text: string): number[] => [...text.matchAll(/⟦(\d+)⟧/g)].map(([, digits]) => Number(digits));

/** Goes through a clause part by part: a part with a verb of its own is no longer denied by what stood before it. */
function judgeClause(clause: string, stances: Stance[]): void {
  let denied = false;
  for (const part of clause.split(/[,:]/)) {
    if (VERB.test(part)) denied = false;
    const supposed = SUPPOSES.test(part);
    let compares = /\b(?:more|closer|better|nearer)\b/.test(part);
    for (const { groups, 0: text } of part.matchAll(CUES)) {
      if (groups!.names !== undefined) {
        if (denied) stances[namesIn(text)[0]!] = 'denied';
        else if (supposed) stances[namesIn(text)[0]!] = 'supposed';
      } else if (groups!.less !== undefined) denied = true;
      else if (groups!.than !== undefined) {
        if (text.startsWith('other')) denied = false;
        else if (text.startsWith('rather') || compares) denied = true;
        else denied = false;
        compares = false;
      } else denied = groups!.denies !== undefined;
    }
  }
}
