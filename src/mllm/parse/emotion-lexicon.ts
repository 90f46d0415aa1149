import type { Emotion } from '../../domain/affect.js';

const words = (text: string): readonly string[] => text.split(' ');

/** Words that name an emotion of a face. */
const PLAIN: Readonly<Record<Emotion, readonly string[]>> = {
  neutral: words('neutral neutrality expressionless emotionless impassive deadpan blank blankly unemotional'),
  happiness: words(
    'happiness happy joy joyful joyous cheerful cheerfulness delighted delight pleased amused amusement overjoyed elated glee gleeful glad merry jubilant laughing laughter',
  ),
  surprise: words('surprise surprised astonished astonishment amazed amazement shocked shock startled stunned'),
  sadness: words(
    'sadness sad unhappy unhappiness sorrow sorrowful grief grieving tearful weeping miserable dejected depressed gloomy melancholy melancholic disappointed disappointment despair heartbroken mournful downcast',
  ),
  anger: words(
    'anger angry angered mad furious fury rage enraged raging irate irritated irritation annoyed annoyance outraged frustrated frustration hostile hostility displeased displeasure incensed wrath indignant exasperated resentful aggressive',
  ),
  disgust: words('disgust disgusted repulsed repulsion revulsion revolted nauseated distaste aversion'),
  fear: words(
    'fear fearful afraid scared frightened fright terrified terror horror horrified panic panicked anxious anxiety worried worry nervous nervousness alarmed apprehensive apprehension dread',
  ),
  contempt: words(
    'contempt contemptuous scorn scornful disdain disdainful smug smugness sneer sneering arrogant haughty derision mocking',
  ),
};

/** Words that only hint at one: they count where no plain word does. */
const FAINT: Partial<Record<Emotion, readonly string[]>> = {
  neutral: words(
    'calm calmly relaxed composed serious concentrated concentrating focused attentive thoughtful pensive contemplative solemn',
  ),
  happiness: words('happily joyfully smile smiles smiling grin grins grinning fun content contented positive'),
  sadness: words('crying upset somber tears'),
  anger: words('angrily'),
  fear: words('fearfully'),
  contempt: words('contemptuously smirk smirks smirking'),
};

/** What a word tells. */
export interface EmotionWord {
  readonly emotion: Emotion;
  /** Whether it only hints at it. */
  readonly faint: boolean;
}

/** Emotion words in lower case. */
export const EMOTION_WORDS: ReadonlyMap<string, EmotionWord> = new Map([
  ...entries(FAINT, true),
  ...entries(PLAIN, false),
]);

function entries(lists: Partial<Record<Emotion, readonly string[]>>, faint: boolean): [string, EmotionWord][] {
  return Object.entries(lists).flatMap(([emotion, list]) =>
    list.map((word): [string, EmotionWord] => [word, { emotion: emotion as Emotion, faint }]),
  );
}
