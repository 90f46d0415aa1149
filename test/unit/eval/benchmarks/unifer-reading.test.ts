import { describe, expect, it } from 'vitest';
import { uniferLabel } from '../../../../src/eval/benchmarks/unifer-reading.js';

/** The sets with their candidates, in the order of FERBench's questions. */
const SETS = {
  'RAF-DB': ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'],
  FERPlus: ['angry', 'contempt', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'],
  AffectNet: ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt'],
  'SFEW 2.0': ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'],
} as const;
type Set = keyof typeof SETS;
const ALL = Object.keys(SETS) as Set[];

/** What the published scripts gave for these answers. */
const CASES: readonly (readonly [answer: string, sets: readonly Set[], label: string | null])[] = [
  ['<answer>Happy</answer>', ['RAF-DB', 'AffectNet'], 'happiness'],
  ['<answer>Sad</answer>', ['RAF-DB', 'AffectNet'], 'sadness'],
  ['<answer>Angry</answer>', ['RAF-DB', 'AffectNet'], 'anger'],
  ['<answer>Joyful</answer>', ['RAF-DB', 'AffectNet'], 'happiness'],
  ['<answer>Joyful</answer>', ['FERPlus', 'SFEW 2.0'], 'happy'],
  ['<answer>Shocked</answer>', ALL, 'surprise'],
  ['ANGRY', ['RAF-DB', 'AffectNet'], 'anger'],
  ['<answer>unhappy</answer>', ['RAF-DB', 'AffectNet'], 'happiness'],
  ['She seems unhappy and sad.', ['RAF-DB', 'AffectNet'], 'happiness'],
  ['She seems unhappy and sad.', ['FERPlus', 'SFEW 2.0'], 'happy'],
  ['She is frightened and terrified.', ALL, 'fear'],
  ['A disdainful smirk.', ['FERPlus', 'AffectNet'], 'contempt'],
  ['The person is calmly looking on, blankly.', ALL, 'neutral'],
  ['The man looks disgusting but mostly happy.', ['FERPlus', 'SFEW 2.0'], 'disgust'],
  ['The man looks disgusting but full of happiness.', ['RAF-DB'], 'disgust'],
  ['<think>He is not angry.</think><answer>happy', ['FERPlus', 'SFEW 2.0'], 'angry'],
  ['<think>might be fear</think><answer>sad\nbecause of the mouth</answer>', ['FERPlus', 'RAF-DB'], 'fear'],
  ['<think>might be fear</think><answer>sad\nbecause of the mouth</answer>', ['SFEW 2.0'], 'sad'],
  ['<think>She seems angered, not neutral.</think><answer>Option B</answer>', ['RAF-DB'], 'anger'],
  ['<think>a fearless, neutral face</think> Happy.', ['FERPlus', 'SFEW 2.0', 'RAF-DB'], 'fear'],
  ['The expression is normally made by people at rest.', ['AffectNet'], 'anger'],
  ['The expression is normally made by people at rest.', ['SFEW 2.0'], 'angry'],
  ['The expression is normally made by people at rest.', ['FERPlus', 'RAF-DB'], 'neutral'],
  ['He has made an expression.', ['AffectNet'], 'anger'],
  ['He has made an expression.', ['SFEW 2.0'], 'angry'],
  ['He has made an expression.', ['FERPlus', 'RAF-DB'], null],
  ['<ANSWER>\n Fear \n</ANSWER> not sad', ['FERPlus', 'RAF-DB', 'AffectNet'], 'fear'],
  // The script of SFEW 2.0 finds tags in lower case alone; then the first candidate of the list in the whole response counts.
  ['<think>angry?</think><ANSWER>sad</ANSWER>', ['SFEW 2.0'], 'angry'],
  ['<answer></answer> sad', ['FERPlus'], 'sad'],
  ['<answer>sad, not angry</answer>', ['FERPlus'], 'angry'],
  ['I cannot tell.', ALL, null],
  ['', ALL, null],
];

describe('uniferLabel (the published script of each set)', () => {
  it.each(CASES.flatMap(([answer, sets, label]) => sets.map((set) => [set, answer, label] as const)))(
    '%s: %j',
    (set, answer, label) => {
      expect(uniferLabel(answer, { part: set, candidates: SETS[set] }, 'set')).toBe(label);
    },
  );

  it('over all sets the tags of SFEW 2.0 are found as those of the others', () => {
    const item = { part: 'SFEW 2.0', candidates: SETS['SFEW 2.0'] };
    expect(uniferLabel('<think>fear?</think><answer>sad\nindeed</answer>', item, 'total')).toBe('fear');
    expect(uniferLabel('<think>fear?</think><ANSWER>sad</ANSWER>', item, 'total')).toBe('sad');
  });

  it.each(ALL)('a list of another name with the labels of %s is read as that set', (set) => {
    for (const [answer, sets, label] of CASES)
      if (sets.includes(set)) expect(uniferLabel(answer, { part: 'mine', candidates: SETS[set] }, 'set')).toBe(label);
  });
});
