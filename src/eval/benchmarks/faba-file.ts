import { z } from 'zod';
import { emotionOfLabel } from '../../domain/emotion-names.js';
import { ItemProblems, parseList } from './annotation-file.js';
import { emolaEmotion, emolaLabelUnits, emolaUnits, hasEmolaWord } from './emola-reading.js';
import { EMOLA_ORDER } from './emola-words.js';
import { safeImagePath } from './image-path.js';
import type { FabaItem } from './items.js';
import { unitList } from './unit-list.js';
import { FABA_UNITS } from './unit-sets.js';

export type FabaTask = FabaItem['part'];

const text = z.string().min(1).max(100_000);
const landmark = z.string().max(1024).optional();
/** Of an evaluation file; of a training file the first question and its answer count. */
const itemSchema = z.union([
  z.object({
    image: z.string().min(1).max(1024),
    label: z.union([z.string().max(1000), z.number().int(), z.array(z.union([z.string(), z.number()])).max(100)]),
    gpt4: text,
    landmark,
  }),
  z.object({
    image: z.string().min(1).max(1024),
    conversations: z
      .array(z.object({ from: z.string().max(100), value: text }))
      .min(2)
      .max(100),
    landmark,
  }),
]);
type Entry = z.infer<typeof itemSchema>;

/**
 * Annotations of FABA-Instruct: an evaluation file, {image, label, gpt4, landmark} with AU numbers ("1, 2, 12") or an
 * emotion (its name, or its number in EmoLA's order) as label; or a training file, {source, image, id, conversations,
 * landmark}, whose label is read from its text by EmoLA's rules. Other members are ignored. Throws USAGE that
 * names every item (counted from 1) of another form, without a label, or with a path that leaves the folder of images.
 *
 * @param path - only for messages
 */
export function parseFabaFile(source: string, path: string, task: FabaTask): readonly FabaItem[] {
  const problems = new ItemProblems(path, 'item');
  const items = parseList({ text: source, path, noun: 'item', schema: itemSchema }, problems).flatMap(
    ({ number, value }): FabaItem[] => {
      const image = safeImagePath(value.image);
      if (image === null) problems.add(number, `image: "${value.image}" leaves the folder of images`);
      const reference = referenceOf(value);
      if (reference === null) problems.add(number, 'conversations: no answer "from" gpt');
      const truth =
        reference === null ? null : task === 'emotion' ? emotionTruth(value, reference) : unitTruth(value, reference);
      if (reference !== null && truth === null)
        problems.add(
          number,
          'label' in value
            ? `label: ${JSON.stringify(value.label)} names no ${task}`
            : `conversations: its text names no ${task}`,
        );
      return image === null || reference === null || truth === null
        ? []
        : [
            {
              part: task,
              number,
              image,
              reference,
              truth,
              question: questionOf(value),
              landmark: value.landmark ?? null,
            },
          ];
    },
  );
  problems.throwIfAny();
  return items;
}

function referenceOf(entry: Entry): string | null {
  if ('gpt4' in entry) return entry.gpt4;
  return entry.conversations.find(({ from }) => from === 'gpt')?.value ?? null;
}

/** The question of a training file, without the marker of its picture. */
function questionOf(entry: Entry): string | null {
  if ('gpt4' in entry) return null;
  const asked = entry.conversations.find(({ from }) => from === 'human')?.value;
  return asked?.replace(/<image>/g, '').trim() || null;
}

function emotionTruth(entry: Entry, reference: string): FabaItem['truth'] | null {
  const label = 'label' in entry ? String(entry.label).trim() : null;
  const named =
    label === null
      ? hasEmolaWord(reference) && emolaEmotion(reference)
      : /^\d$/.test(label)
        ? EMOLA_ORDER[Number(label)]
        : emotionOfLabel(label);
  const emotion = EMOLA_ORDER.find((one) => one === named);
  return emotion === undefined ? null : { kind: 'emotion', emotion };
}

function unitTruth(entry: Entry, reference: string): FabaItem['truth'] | null {
  if (!('label' in entry)) {
    const units = emolaUnits(reference, FABA_UNITS.named);
    return { kind: 'units', units, unitsAsPublished: units };
  }
  const { label } = entry;
  const units = unitList(typeof label === 'number' ? String(label) : label);
  if (units === null) return null;
  const unitsAsPublished = typeof label === 'string' ? emolaLabelUnits(label, FABA_UNITS.named) : units;
  return { kind: 'units', units, unitsAsPublished };
}
