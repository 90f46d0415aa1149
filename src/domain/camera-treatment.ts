import { areas, choice, rate, type SettingsOf, turn, whole } from './camera-fields.js';
import { DECODE_CHOICES, DECODE_TEXT } from './decoder.js';
import { DEFAULT_MAX_SIDE_PX, DEFAULT_MIN_FACE_PX } from './reading-size.js';

/** Characters of a camera's name for people. */
export const NAME_LENGTH = { least: 1, most: 100 } as const;

/** How the frames of a camera of any kind are treated, with the values for configurations that do not say. */
export const TREATMENT = {
  maxSidePx: whole({
    least: 64,
    most: 3840,
    initial: DEFAULT_MAX_SIDE_PX,
    label: 'Longer side',
    text: 'Longer side that frames are shrunk to, in pixels. Higher finds smaller faces and costs more.',
  }),
  maxFps: rate({
    least: 0.1,
    most: 240,
    none: 'all',
    label: 'Most frames a second',
    text: 'Analyse at most this many frames a second; all: as many as fit.',
  }),
  minFacePx: whole({
    least: 16,
    most: 1024,
    initial: DEFAULT_MIN_FACE_PX,
    label: 'Smallest face',
    text: 'Smallest face to look for, in pixels of the shrunk frame. Lower finds more and costs more.',
  }),
  rotate: turn({
    initial: 0,
    label: 'Turned by',
    text: 'Degrees the picture is turned clockwise before anything looks at it, for a camera that is mounted on its side or upside down.',
  }),
  decode: choice(DECODE_CHOICES, { initial: 'auto', label: 'Decoding', text: DECODE_TEXT }),
} as const;

/** For cameras that do not say, whichever door they come in by. */
export type CameraDefaults = SettingsOf<typeof TREATMENT>;

/** Places of a camera's picture. They are of one camera: there are no defaults for all. */
export const PLACES = {
  masks: areas({
    label: 'Masks',
    text: 'Areas that are never looked at: drawn black before anything reads the picture.',
  }),
  zones: areas({
    label: 'Zones',
    text: 'Areas with names: a face is told with those that the centre of its box lies in.',
  }),
} as const;
