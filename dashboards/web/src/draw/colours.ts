import { EMOTIONS, type Emotion } from '../../../../src/domain/affect.js';
import { inkOn } from '../../../../src/view/palette.js';

const NAMES = [
  'page',
  'card',
  'plot',
  'hatch',
  'ink',
  'soft',
  'muted',
  'line',
  'accent',
  'first',
  'second',
  'good',
  'bad',
  'track',
  ...EMOTIONS,
] as const;
export type ColourName = (typeof NAMES)[number];
export type Colours = Readonly<Record<ColourName, string>>;

/** The theme's colours as canvases need them: read once, and again when the theme changes. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

/** Ink that reads on an emotion's colour. */
export function inkFor(colours: Colours, emotion: Emotion): string {
  return inkOn(colours[emotion]);
}
