/** File formats, each with the endings of what it writes. */
export const FORMAT_ENDINGS = {
  jsonl: ['.records.jsonl', '.episodes.jsonl'],
  csv: ['.csv'],
  parquet: ['.parquet'],
  openface: ['.openface.csv'],
  fex: ['.fex.csv'],
  elan: ['.elan-intervals.tsv', '.elan-tracks.csv'],
  webvtt: ['.metadata.vtt', '.captions.vtt'],
} as const;

export type Format = keyof typeof FORMAT_ENDINGS;
/** All formats; a run writes them all unless told otherwise. */
export const FORMATS = Object.keys(FORMAT_ENDINGS) as Format[];
