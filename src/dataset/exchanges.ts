import { emotionOfLabel } from '../domain/emotion-names.js';
import type { LabelledFace, TextKind } from './face.js';
import { type QuestionBook, type QuestionKind, question } from './wording.js';

/** What a model is taught: a question about a picture with its answer. */
export const TASKS = ['emotion', 'units', 'choice', 'compound', 'aligned', 'affect'] as const;
/** One of `TASKS`. */
export type Task = (typeof TASKS)[number];

/** One question about one picture, and its answer. */
export interface Exchange {
  /** The picture and the kind of question: one of its kind in a file. */
  readonly id: string;
  /** Path of the picture inside the folder of images. */
  readonly image: string;
  readonly question: string;
  readonly answer: string;
  /** What a reward compares with: the label alone. */
  readonly solution: string;
  /** Classes and units in the answer, for counts. */
  readonly labels: readonly string[];
  /** File with the numbers of its facial prior. */
  readonly landmark: string | null;
}

/** How labels become questions and answers. */
export interface Teaching {
  readonly book: QuestionBook;
  readonly seed: number;
  /** Classes of emotion in the order and words of the paper on the set. */
  readonly emotions: readonly string[];
  /** Compound classes in the order of the set. */
  readonly compounds: readonly string[];
  /** FACS numbers that are asked for, rising; the others are not told. */
  readonly units: readonly string[];
  /** Degree from which on a coded unit counts as present. */
  readonly presentFrom: number;
}

/** A label as an answer, and what is said with it. */
interface Answer {
  readonly kind: QuestionKind;
  readonly answer: string;
  readonly solution: string;
  readonly labels: readonly string[];
  readonly candidates: readonly string[];
}

/** How the class of a face is called in this set; null where the set has no such class, or the face no emotion. */
export function emotionWord({ emotion }: LabelledFace, emotions: readonly string[]): string | null {
  return emotions.find((word) => emotion !== null && emotionOfLabel(word) === emotion) ?? null;
}

/** "AU6, AU12": the units that are present, as EmoLA's tuned models answer; null where none of those asked for is coded. */
export function unitWords({ units }: LabelledFace, { units: asked, presentFrom }: Teaching): string | null {
  if (units === null || !asked.some((unit) => units.has(unit))) return null;
  const present = asked.filter((unit) => (units.get(unit) ?? 0) >= presentFrom);
  return present.length === 0 ? 'none' : present.map((unit) => `AU${unit}`).join(', ');
}

const ALIGNED = ['summary', 'movement', 'reasoning'] as const;

const ANSWERS: Readonly<Record<Task, (face: LabelledFace, teaching: Teaching) => readonly Answer[]>> = {
  emotion: (face, { emotions }) => one('emotion', face.texts.emotion, emotionWord(face, emotions), emotions),
  units: (face, teaching) => one('units', face.texts.units, unitWords(face, teaching), []),
  choice(face, { emotions }) {
    const word = emotionWord(face, emotions);
    if (word === null) return [];
    const { thought } = face.texts;
    const answer = `${thought === undefined ? '' : `<think>${thought}</think>\n`}<answer>${word}</answer>`;
    return [{ kind: 'choice', answer, solution: word, labels: [word], candidates: emotions }];
  },
  compound: ({ compound }, { compounds }) =>
    compound === null || !compounds.includes(compound) ? [] : one('compound', undefined, compound, compounds),
  aligned(face, teaching) {
    const labels = [emotionWord(face, teaching.emotions), unitWords(face, teaching)].filter((label) => label !== null);
    return ALIGNED.flatMap((kind) => {
      const answer = face.texts[kind];
      return answer === undefined ? [] : [{ kind, answer, solution: labels.join('; '), labels: [], candidates: [] }];
    });
  },
  affect({ affect }) {
    if (affect === null) return [];
    const [valence, arousal] = [affect.valence, affect.arousal].map((value) => value.toFixed(2));
    const answer = `valence ${valence}, arousal ${arousal}`;
    return [{ kind: 'affect', answer, solution: `${valence}, ${arousal}`, labels: [], candidates: [] }];
  },
};

function one(
  kind: QuestionKind & (TextKind | 'compound'),
  text: string | undefined,
  label: string | null,
  candidates: readonly string[],
): readonly Answer[] {
  return label === null
    ? []
    : [{ kind, answer: text ?? label, solution: label, labels: label.split(', '), candidates }];
}

/** Which task a face has the labels for. */
export const hasLabels = (face: LabelledFace, task: Task, teaching: Teaching): boolean =>
  ANSWERS[task](face, teaching).length > 0;

/**
 * What is asked about a face, and answered; nothing for a task whose labels it lacks.
 *
 * @param image - its picture, as it was found
 * @param held - whether questions are those kept for test
 */
export function exchangesOf(
  face: LabelledFace,
  tasks: readonly Task[],
  teaching: Teaching,
  { image, held }: { readonly image: string; readonly held: boolean },
): Exchange[] {
  return tasks.flatMap((task) =>
    ANSWERS[task](face, teaching).map(({ kind, answer, solution, labels, candidates }): Exchange => {
      const asking = { kind, key: face.image, seed: teaching.seed, held, candidates };
      // A list's own question goes with the list's own text.
      const own = held || face.texts[kind as TextKind] === undefined ? null : face.question;
      return {
        id: `${image.replace(/\.\w+$/, '')}#${kind}`,
        image,
        question: own ?? question(teaching.book, asking),
        answer,
        solution,
        labels,
        landmark: face.landmark,
      };
    }),
  );
}
