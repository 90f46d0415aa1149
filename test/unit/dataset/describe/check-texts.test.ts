import { describe, expect, it } from 'vitest';
import { faultsOf, type Texts, textsOf } from '../../../../src/dataset/describe/check-texts.js';
import { classOf, type FaceFacts, factsOf } from '../../../../src/dataset/describe/facts.js';
import { describeQuestion } from '../../../../src/dataset/describe/question.js';
import { labelledFace } from '../../../../src/dataset/face.js';

const SMILE: FaceFacts = {
  emotion: 'happiness',
  compound: null,
  expression: 'happiness',
  units: { coded: ['4', '6', '12'], present: ['6', '12'] },
};
const GOOD: Texts = {
  summary: 'This face shows happiness, open and warm.',
  movement: 'The cheeks are raised (AU6) and the lip corners are pulled up and back (AU12).',
  reasoning: 'Raised cheeks with pulled lip corners, AU6 with AU12, are how happiness looks on a face.',
};
const kinds = (texts: Partial<Texts>, facts: FaceFacts = SMILE) =>
  faultsOf({ ...GOOD, ...texts }, facts).map(({ kind }) => kind);

describe('texts about a labelled face', () => {
  it('may say what its labels say, by number or name', () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ movement: 'A cheek raiser and a lip corner puller, both clearly seen.' })).toEqual([]);
  });

  it.each<[string, Partial<Texts>, string]>([
    ['an expression that is not named', { summary: 'The face looks quite lively today.' }, 'expression-missing'],
    ['a denied expression', { summary: 'The face does not show happiness at all.' }, 'expression-missing'],
    ['a unit that is left out', { movement: 'The lip corners are pulled up (AU12), nothing else.' }, 'units-missing'],
    ['a unit that is not active', { reasoning: 'AU6 and AU12 with AU4 speak for happiness.' }, 'units-other'],
    ['a unit that nobody coded', { movement: 'AU6, AU12 and the lips part with AU25.' }, 'units-other'],
    ['another expression', { reasoning: 'AU6 and AU12: happiness, with some anger in it.' }, 'expression-other'],
    ['a text that is too short', { reasoning: 'AU6, AU12.' }, 'length'],
    ['a text that is too long', { summary: `This is happiness. ${'It is. '.repeat(60)}` }, 'length'],
    ['words about the labels', { reasoning: 'The labels say AU6 and AU12, so this is happiness.' }, 'labels-mentioned'],
  ])('may not have %s', (_, texts, kind) => {
    expect(kinds(texts)).toEqual([kind]);
  });

  it('may name another expression to deny it', () => {
    expect(kinds({ reasoning: 'AU6 with AU12 is happiness and not surprise, as the brows rest.' })).toEqual([]);
  });

  it('of two expressions name both, and only these', () => {
    const mixed: FaceFacts = {
      ...SMILE,
      emotion: null,
      compound: 'happily surprised',
      expression: 'happily surprised',
    };
    expect(kinds({ summary: 'A happily surprised face, with wide eyes.' }, mixed)).toEqual([]);
    expect(kinds({ summary: 'A happy face, with wide open eyes.' }, mixed)).toEqual(['expression-missing']);
    expect(kinds({ summary: 'A happily surprised face, and some fear.' }, mixed)).toEqual(['expression-other']);
  });

  it('of a face without a label of that kind claim none of it', () => {
    const unitsAlone: FaceFacts = { ...SMILE, emotion: null, expression: null };
    expect(kinds({}, unitsAlone)).toEqual(['expression-other']);
    expect(
      kinds({ summary: 'Cheeks and lip corners have moved.', reasoning: 'AU6 and AU12 lift the face.' }, unitsAlone),
    ).toEqual([]);
    expect(kinds({}, { ...SMILE, units: null })).toEqual(['units-other']);
  });

  it('every fault tells what to write', () => {
    expect(faultsOf(null, SMILE).map(({ words }) => words)).toEqual([
      'it is no JSON object with the texts summary, movement, reasoning; write one',
    ]);
    const faults = faultsOf({ ...GOOD, movement: 'Only AU12 is seen, with AU4.' }, SMILE).map(({ words }) => words);
    expect(faults).toEqual([
      'movement does not name AU6, which are active; name them',
      'it names AU4; which are not known to be active; leave them out',
    ]);
  });
});

describe('an answer', () => {
  it('is read from JSON, also with words around it, or from three lines', () => {
    expect(textsOf(`Here it is:\n${JSON.stringify({ ...GOOD, more: 1 })}`)).toEqual(GOOD);
    expect(textsOf(Object.values(GOOD).join('\n\n'))).toEqual(GOOD);
  });

  it.each([['two\nlines'], ['{"summary":"a","movement":"b"}'], [JSON.stringify({ ...GOOD, summary: 3 })], ['']])(
    'is none: %j',
    (text) => expect(textsOf(text)).toBeNull(),
  );
});

describe('the question', () => {
  it('tells what is known, and after a refused answer what was wrong with it', () => {
    const { user, form } = describeQuestion(SMILE, null);
    expect(user).toContain('- Its expression is happiness.');
    expect(user).toContain('- Active action units: AU6 cheek raiser, AU12 lip corner puller.');
    expect(user).toContain('- Not active: AU4 brow lowerer.');
    expect(user).not.toContain('earlier answer');
    expect(form).toMatchObject({ kind: 'json', schema: { required: ['summary', 'movement', 'reasoning'] } });
    const faults = [{ kind: 'length', words: 'summary has 3 characters; write 15 to 240' }] as const;
    const again = describeQuestion(SMILE, { answer: 'My\nwords', faults }).user;
    expect(again).toContain('An earlier answer was: My words\nIt cannot be used: summary has 3 characters;');
  });

  it('asks for no more than is known', () => {
    const { user } = describeQuestion({ ...SMILE, units: null }, null);
    expect(user).not.toContain('- Active');
    expect(user).toContain('in plain words without names or numbers of action units');
    const units = describeQuestion({ ...SMILE, emotion: null, expression: null }, null).user;
    expect(units).not.toContain('happiness');
    expect(units).toContain('without a word for an emotion');
  });
});

describe('the facts of a face', () => {
  const set = { emotions: ['happy', 'sad'], compounds: ['sadly angry'], units: ['4', '12'] } as const;
  const face = labelledFace({ image: 'a.jpg', where: 'list, line 2' });

  it('are in the words of the set, with units from the degree on that counts', () => {
    const units = new Map([
      ['4', 1],
      ['12', 3],
      ['25', 5],
    ]);
    const facts = factsOf({ ...face, emotion: 'happiness', units }, set, 2)!;
    expect(facts).toMatchObject({
      emotion: 'happiness',
      expression: 'happy',
      units: { coded: ['4', '12'], present: ['12'] },
    });
    expect(classOf(facts)).toBe('happy');
    expect(classOf({ ...facts, expression: null })).toBe('AU12');
    expect(classOf({ ...facts, expression: null, units: { coded: ['4'], present: [] } })).toBe('no unit');
  });

  it('are none where the set has no such class', () => {
    expect(factsOf(face, set, 1)).toBeNull();
    expect(factsOf({ ...face, emotion: 'anger', compound: 'happily surprised' }, set, 1)).toBeNull();
    expect(factsOf({ ...face, compound: 'sadly angry' }, set, 1)).toMatchObject({
      emotion: null,
      expression: 'sadly angry',
    });
  });
});
