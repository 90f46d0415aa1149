import type { Emotion } from '../../domain/affect.js';
import { plainText } from './bounds.js';
import { emotionInWords } from './emotion-in-words.js';
import { unitsInJson, unitsOfMap } from './units-in-json.js';

/** Members as answers call them, in lower case and without marks, the fittest first. */
const MEMBERS = {
  emotion: [
    'emotion',
    'primaryemotion',
    'mainemotion',
    'dominantemotion',
    'emotionlabel',
    'expression',
    'answer',
    'label',
  ],
  units: ['actionunits', 'aus', 'units', 'activeactionunits', 'activeaus', 'facs', 'facsunits', 'actionunit', 'au'],
  second: ['secondemotion', 'secondaryemotion'],
  degree: ['degree', 'emotiondegree'],
  compound: ['compound', 'compoundexpression'],
  summary: ['summary', 'emotionsummary'],
  movement: ['movement', 'movements', 'facialmovement', 'facialmovements'],
  description: ['description', 'caption'],
  reasoning: ['reasoning', 'emotionreasoning', 'reason', 'explanation'],
} as const;
type MemberName = keyof typeof MEMBERS;
/** Members of an object that stands where a name should. */
const NAMES_IN_OBJECT = ['label', 'name', 'emotion', 'primary', 'value'];
const NONE = /^\s*(?:none|no emotion|no expression)\s*\.?\s*$/i;

const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The members of a JSON answer by what they hold, however they are spelled. */
export class AnswerMembers {
  readonly #members: ReadonlyMap<string, unknown>;

  private constructor(private readonly object: object) {
    this.#members = new Map(Object.entries(object).map(([name, value]) => [plainName(name), value]));
  }

  /** Those of an object, or of the first object inside it or inside a list that has any; null for none. */
  static of(found: object): AnswerMembers | null {
    const inside = Array.isArray(found) ? found.slice(0, 1) : [found, ...Object.values(found).slice(0, 20)];
    for (const one of inside) {
      if (typeof one !== 'object' || one === null || Array.isArray(one)) continue;
      const members = new AnswerMembers(one);
      if (members.isAnswer()) return members;
    }
    return null;
  }

  private isAnswer(): boolean {
    return (
      Object.values(MEMBERS).some((names) => names.some((name) => this.#members.has(name))) || this.units() !== null
    );
  }

  private member(name: MemberName): unknown {
    const spelled = MEMBERS[name].find((one) => this.#members.has(one));
    return spelled === undefined ? undefined : this.#members.get(spelled);
  }

  /** A text, or the texts of a list joined; null for anything else. */
  words(name: MemberName): string | null {
    const value = this.member(name);
    if (Array.isArray(value)) return plainText(value.filter((one) => typeof one === 'string').join(' '));
    return typeof value === 'string' ? plainText(value) : null;
  }

  /** What it tells people. */
  texts(): { readonly description: string | null; readonly reasoning: string | null } {
    const told = [this.words('summary'), this.words('movement'), this.words('description')];
    return {
      description: plainText(told.filter((part) => part !== null).join(' ')),
      reasoning: this.words('reasoning'),
    };
  }

  /** The label as text: of a list the first, of an object its name. */
  label(): string | null {
    const value = this.member('emotion');
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string') return first;
    if (typeof first !== 'object' || first === null) return null;
    const named = Object.entries(first).find(
      ([name, one]) => NAMES_IN_OBJECT.includes(plainName(name)) && typeof one === 'string',
    );
    return named === undefined ? null : (named[1] as string);
  }

  /** The emotion of its label; where it has no label, that of its summary. */
  emotion(offered: readonly Emotion[]): Emotion | null {
    const label = this.label();
    if (label === null) return emotionInWords(this.words('summary') ?? this.words('description') ?? '', offered);
    if (NONE.test(label)) return offered.includes('neutral') ? 'neutral' : null;
    return emotionInWords(label, offered);
  }

  /** FACS numbers of its list, or of the object itself ({"AU6": 3}); null where it has neither. */
  units(): string[] | null {
    const value = this.member('units');
    return value === undefined ? unitsOfMap(this.object) : unitsInJson(value);
  }
}
