/** A row of the codebook: a column of the tables, or a measure. */
export interface CodebookRow {
  readonly kind: string;
  readonly name: string;
  readonly about: string;
  readonly unit: string;
  readonly range: string;
  readonly source: string;
  readonly missing: string;
}

/** What the page says besides the results themselves. */
export interface StudyPageMeta {
  readonly study: string;
  readonly mienVersion: string;
  /** Models that read the videos: "mien-affect 1.4.0". */
  readonly models: readonly string[];
  /** How numbers were made, by name. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  readonly codebook: readonly CodebookRow[];
  /** Videos without results, and why. */
  readonly failures: readonly { readonly video: string; readonly problem: string }[];
}
