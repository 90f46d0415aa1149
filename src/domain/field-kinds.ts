import { flag, group, number, type PlotNotes, type ShownNotes } from './field-shapes.js';
import type { Probability, Radians } from './units.js';

export const SHARE = { min: 0, max: 1 } as const;
export const SHARE_PLOT: PlotNotes = { low: 0, high: 1 };

export const integer = (about: string, column: string) => number({ digits: 0, about, column: { name: column } });

export const angle = <K extends string>(name: K, sign: string, shown: Omit<ShownNotes, 'format'>) =>
  number<Radians>({
    digits: 5,
    about: `radians; ${sign}`,
    column: { name: `${name}_rad`, unit: `radians, ${sign}` },
    plot: { low: -180, high: 180, scale: 180 / Math.PI, shown: { ...shown, format: 'degrees' } },
  });

export const position = (axis: 'x' | 'y' | 'z', about: string) =>
  number({ digits: 1, about, column: { name: `position_${axis}_mm` } });

export const edge = (side: string) =>
  number({ digits: 2, about: 'pixels of the working frame', column: { name: `box_${side}_px` } });

export const eye = (side: string) =>
  number({
    digits: 4,
    about: `0 closed, about 1 open; subject’s ${side}`,
    column: { name: `eye_openness_${side}` },
    plot: { low: 0, high: 1.5 },
  });

export const gazeAngle = (name: 'yaw' | 'pitch', column: string, whose: string, shown?: Omit<ShownNotes, 'format'>) =>
  number<Radians>({
    digits: 5,
    about: `radians; where ${whose}, 0 into the camera, ${name === 'yaw' ? 'to the left of the image' : 'up'} positive`,
    column: { name: `gaze_${column}${name}_rad` },
    ...(shown
      ? { plot: { low: -60, high: 60, scale: 180 / Math.PI, flat: true, shown: { ...shown, format: 'degrees' } } }
      : {}),
  });

export const gazeAngles = (column: string, whose: string) =>
  group({ yaw: gazeAngle('yaw', column, whose), pitch: gazeAngle('pitch', column, whose) });

export const gazeContact = () =>
  number<Probability>({
    digits: 4,
    ...SHARE,
    about: 'probability that the eyes look at the camera, within five degrees, 0..1',
    column: { name: 'gaze_contact' },
    plot: {
      ...SHARE_PLOT,
      flat: true,
      shown: { title: 'Looks at the camera', note: 'probability', format: 'percent' },
    },
  });

export const speakingShare = () =>
  number<Probability>({
    digits: 3,
    ...SHARE,
    about: 'probability that the voice that is heard is of this face, 0..1; 0 where no voice is heard',
    column: { name: 'speaking' },
    plot: { ...SHARE_PLOT, flat: true, shown: { title: 'Speaks', note: 'probability', format: 'percent' } },
  });

export const axis = () =>
  number({
    digits: 6,
    min: -1,
    max: 1,
    about: '-1..1, derived from the emotion distribution',
    column: { name: '{name}_derived_{stage}' },
    plot: { low: -1, high: 1 },
  });

/** What lies before a part of the face; columns are named after the part in snake case. */
export const partOf = (part: string) => {
  const name = part.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return group({
    visible: number({
      digits: 3,
      ...SHARE,
      about: 'share of this part that nothing covers, over time; sides are the subject’s',
      column: { name: `visible_${name}` },
    }),
    covered: flag({
      about: 'true while this part counts as covered',
      column: { name: `covered_${name}` },
    }),
  });
};
