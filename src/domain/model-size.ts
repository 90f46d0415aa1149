/** Sizes of the network that reads emotions and action units of a face. */
export const MODEL_SIZES = ['large', 'small'] as const;
/** One of MODEL_SIZES. */
export type ModelSize = (typeof MODEL_SIZES)[number];
export const DEFAULT_MODEL: ModelSize = 'large';

/** The model of each size. */
export const MODEL_IDS: Readonly<Record<ModelSize, string>> = { large: 'mien-affect', small: 'mien-affect-small' };

/** What the option of that name is for. */
export const MODEL_WORDS =
  'network that reads emotions and action units; small needs a quarter of the work, and finds fewer rare emotions';

/** What the key of that name is for. */
export const MODEL_TEXT =
  'Network that reads emotions and action units; large: finds more of the rare emotions; small: a quarter of the work, for many cameras or a slow machine.';

/** The card of the model that read emotions and action units, among the models of a run. */
export const cardOf = (models: readonly { readonly id: string }[]): string => {
  const known: readonly string[] = Object.values(MODEL_IDS);
  return `models/${models.find(({ id }) => known.includes(id))?.id ?? MODEL_IDS[DEFAULT_MODEL]}/card.md`;
};
