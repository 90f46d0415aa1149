/** Order in which EmoLA's evaluation counts classes; the first of equals wins. Contempt has no list of its own there. */
export const EMOLA_ORDER = ['happiness', 'sadness', 'surprise', 'anger', 'neutral', 'disgust', 'fear'] as const;
export type EmolaEmotion = (typeof EMOLA_ORDER)[number];

const words = (text: string): readonly string[] => text.split(' ');

/** Words that count as a class in free text (EmoLA, ECCV 2024). Some are in two lists: EMOLA_ORDER decides. */
export const EMOLA_WORDS: Readonly<Record<EmolaEmotion, readonly string[]>> = {
  happiness: words(
    'happiness happy smiling smile pleasant content contentment relaxed relaxation cheerful joy amusement amused positivity positive lightheartedness joyful friendly warmth bright',
  ),
  sadness: words('sadness crying distress concern discomfort anguish somber'),
  surprise: words(
    'surprise surprised startled puzzled astonishment disbelief wonder curiosity curious confusion bewilderment skepticism excitement uncertainty',
  ),
  anger: words(
    'anger mad irate outraged agitation irritated enraged annoyed incensed serious frustration displeased stern',
  ),
  neutral: words('neutral neutrality calm contemplative concerned thoughtful focused solemn mild'),
  disgust: words('disgust distaste disgusted discomfort displeasure displeased disapproval disdain contempt'),
  fear: words('fear shock anxiety apprehension tension panic alertness focus worry alarm curiosity contemplation'),
};

/** Letters of a lower-cased sentence that make EmoLA's evaluation leave it out ("no" also drops "nose": as published). */
export const EMOLA_NEGATIONS: readonly string[] = [
  'not',
  'no',
  "isn't ",
  'nothing',
  'cannot',
  "won't",
  "shouldn't",
  'neither',
  'nor',
];
