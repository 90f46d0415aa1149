/** What a paper reports, in percent, in the order of a part's columns; null where it gives no such number. */
export interface PublishedRow {
  readonly model: string;
  readonly values: readonly (number | null)[];
  readonly source: string;
}

const EMOLA = 'Li et al., EmoLA, ECCV 2024';
const FEALLM = 'FEALLM, 2025';
const UNIFER = 'Zhang et al., UniFER, 2025';
const STAGE_WISE = 'Lu et al., stage-wise LVLM adaptation, CVPR-W 2025';

const rows = (source: string, table: Readonly<Record<string, readonly (number | null)[]>>): readonly PublishedRow[] =>
  Object.entries(table).map(([model, values]) => ({ model, values, source }));

/** FABA-Bench, emotion: S_re (accuracy), S_ge (ROUGE-L), REGE. */
export const FABA_EMOTION_PUBLISHED = rows(EMOLA, {
  'MiniGPT4-v2': [58.2, 19.6, 77.8],
  'mPLUG-Owl2': [53.6, 28.4, 82.0],
  Shikra: [62.5, 32.1, 94.6],
  'LLaVA-1.5': [62.3, 31.6, 93.9],
  EmoLA: [64.5, 31.7, 96.2],
});

/** FABA-Bench, action units: S_re (mean F1), S_ge (ROUGE-L), REGE. */
export const FABA_UNITS_PUBLISHED = rows(EMOLA, {
  'MiniGPT4-v2': [17.9, 19.9, 37.8],
  'mPLUG-Owl2': [27.5, 28.2, 55.7],
  Shikra: [51.8, 34.8, 86.6],
  'LLaVA-1.5': [57.1, 34.3, 91.4],
  EmoLA: [56.3, 35.2, 91.5],
});

/** What a source reports of each action unit: F1 in percent. */
export interface PublishedUnits {
  readonly model: string;
  readonly source: string;
  readonly f1: Readonly<Record<string, number>>;
}

/** FABA-Bench, each action unit, as the results in EmoLA's repository give them; the paper has means alone. */
export const FABA_EACH_UNIT: readonly PublishedUnits[] = [
  {
    model: 'EmoLA',
    source: "results in EmoLA's repository, mean 56.12",
    f1: {
      1: 71.48,
      2: 34.01,
      4: 79.1,
      5: 67.3,
      6: 71.29,
      10: 43.17,
      12: 65.82,
      17: 57.35,
      24: 55.25,
      25: 71.92,
      26: 56.77,
      43: 0,
    },
  },
];

/** FEABench: emotion accuracy, mean F1 of the action units. */
export const FEABENCH_PUBLISHED = rows(FEALLM, {
  'Qwen-VL-Chat': [45.71, 1.59],
  'mPLUG-Owl2-7B': [45.18, 0.89],
  'InternVL2-8B': [42.87, 18.48],
  'MiniCPM-o-2.6-8B': [57.28, 5.8],
  'LLaVA-1.5-7B': [52.65, 2.87],
  'LLaVA-1.5-7B + LoRA': [59.97, 55.79],
  FEALLM: [67.36, 59.6],
});

/** FERBench, all four sets: accuracy, macro precision, recall, F1. */
export const FERBENCH_PUBLISHED = rows(UNIFER, { 'UniFER-7B, all four sets': [68.84, null, null, null] });

/** RAF-DB's basic test set (FERBench's RAF-DB part has the same 3,068 faces, asked in another way): accuracy. */
export const RAF_DB_PUBLISHED: readonly PublishedRow[] = [
  { model: 'EmoLA, tuned on RAF-DB', values: [92.05, null, null, null], source: EMOLA },
  { model: 'FEALLM, zero-shot', values: [69.95, null, null, null], source: FEALLM },
];

/** C-EXPR-DB, hidden test set of the 8th ABAW challenge: macro F1, accuracy. */
export const CEXPR_PUBLISHED = rows(STAGE_WISE, { 'stage-wise LVLM, zero-shot, challenge test set': [57.23, null] });
