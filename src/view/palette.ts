import type { Emotion } from '../domain/affect.js';
import type { Validity } from '../domain/face.js';

/**
 * Colours of the emotions on a light and on a dark ground. Found by search over hue families so that any two differ
 * by at least 12 hundredths in OKLab, also as seen with protanopia, deuteranopia and tritanopia (Machado et al. 2009);
 * a test holds them to 11. Colour is never the only sign: every mark also bears its name.
 */
export const EMOTION_COLOURS: Readonly<Record<'light' | 'dark', Readonly<Record<Emotion, string>>>> = {
  light: {
    neutral: '#b3b7bf',
    happiness: '#faa404',
    surprise: '#5597ff',
    sadness: '#1b4a97',
    anger: '#e32208',
    disgust: '#0c8460',
    fear: '#c967b2',
    contempt: '#6e3230',
  },
  dark: {
    neutral: '#81858d',
    happiness: '#ffd517',
    surprise: '#86daff',
    sadness: '#4a5cd3',
    anger: '#c64705',
    disgust: '#49bd62',
    fear: '#d079ec',
    contempt: '#7c4b64',
  },
};

/** Colours of the coverage bar; each segment is also named in the list beside it. */
export const VALIDITY_COLOURS: Readonly<Record<'light' | 'dark', Readonly<Record<Validity, string>>>> = {
  light: {
    ok: '#2a7f78',
    'no-face': '#d4d7dc',
    'too-small': '#e3b04b',
    blurred: '#9db7d5',
    profile: '#7d6bb3',
    occluded: '#a0522d',
    'out-of-frame': '#5b6573',
    'low-confidence': '#d98880',
    'model-off': '#30343b',
  },
  dark: {
    ok: '#4fb5ac',
    'no-face': '#3a414d',
    'too-small': '#d9a53f',
    blurred: '#7f9dc0',
    profile: '#9a89d0',
    occluded: '#b8693f',
    'out-of-frame': '#8b95a4',
    'low-confidence': '#c97a72',
    'model-off': '#d6dae1',
  },
};

/** What each reason means, in words for a reader. */
export const VALIDITY_WORDS: Readonly<Record<Validity, string>> = {
  ok: 'face read',
  'no-face': 'no face found',
  'too-small': 'face too small',
  blurred: 'face blurred',
  profile: 'face turned too far',
  occluded: 'face covered',
  'out-of-frame': 'face cut off by the frame',
  'low-confidence': 'detection too uncertain',
  'model-off': 'reading switched off',
};

/** Black or white, whichever reads better on a colour (relative luminance, WCAG 2). */
export function inkOn(hex: string): '#111418' | '#ffffff' {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return luminance > 0.19 ? '#111418' : '#ffffff';
}

/**
 * Colours of conditions, from the set of Okabe and Ito (2008), darker or lighter where the ground asks for it. Beyond six
 * they begin again: rows and lines also bear the name, and lines a dash of their own.
 */
export const CONDITION_COLOURS: Readonly<Record<'light' | 'dark', readonly string[]>> = {
  light: ['#0072b2', '#c2510a', '#00805f', '#9a4a86', '#8a6d00', '#56606e'],
  dark: ['#6db6ee', '#f29a5c', '#4fc7a0', '#df93c8', '#e3c44f', '#a9b4c2'],
};

/** Colours of a level from below zero over zero to above: lightness tells how far, hue to which side, also without red or green. */
export const LEVEL_COLOURS: Readonly<
  Record<'light' | 'dark', readonly [below: string, middle: string, above: string]>
> = {
  light: ['#1b4a97', '#ecebe6', '#c2510a'],
  dark: ['#6d9bf2', '#262b33', '#f29a3c'],
};
