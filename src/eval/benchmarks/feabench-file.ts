import { z } from 'zod';
import { emotionOfLabel } from '../../domain/emotion-names.js';
import { ItemProblems, parseList } from './annotation-file.js';
import { EMOLA_ORDER } from './emola-words.js';
import { safeImagePath } from './image-path.js';
import type { FeabenchItem } from './items.js';
import { unitList } from './unit-list.js';

const itemSchema = z.object({
  image: z.string().min(1).max(1024),
  emotion: z.string().min(1).max(100),
  action_units: z.union([z.string().max(1000), z.array(z.union([z.string(), z.number()])).max(100)]),
});

/**
 * Labels of FEABench: a JSON array of {image, emotion, action_units}; the emotion is one of the seven of Aff-Wild2, the units
 * are "6, 12" or [6, 12]. FEALLM's own files were not published by November 2026, so this form is ours. Throws USAGE that
 * names every item (counted from 1) that does not fit.
 *
 * @param path - only for messages
 */
export function parseFeabenchFile(text: string, path: string): readonly FeabenchItem[] {
  const problems = new ItemProblems(path, 'item');
  const items = parseList({ text, path, noun: 'item', schema: itemSchema }, problems).flatMap(
    ({ number, value }): FeabenchItem[] => {
      const image = safeImagePath(value.image);
      const named = emotionOfLabel(value.emotion);
      const emotion = EMOLA_ORDER.find((one) => one === named);
      const units = unitList(value.action_units);
      if (image === null) problems.add(number, `image: "${value.image}" leaves the folder of images`);
      if (emotion === undefined)
        problems.add(number, `emotion: "${value.emotion}" is not one of ${EMOLA_ORDER.join(', ')}`);
      if (units === null) problems.add(number, 'action_units: expected numbers such as "6, 12"');
      if (image === null || emotion === undefined || units === null) return [];
      return [{ part: 'FEABench', number, image, emotion, units }];
    },
  );
  problems.throwIfAny();
  return items;
}
