import type { DeviceChoice } from '../../domain/device.js';
import type { Split } from '../../eval/ferplus.js';

/** What every measurement of an affect model is told. */
export interface AffectFlags {
  /** A size that ships with mien, or a folder. */
  readonly model: string;
  readonly flip?: true;
  readonly align?: true;
  readonly robustness?: true;
  readonly device: DeviceChoice;
  readonly out: string;
  readonly overwrite?: true;
}

export interface CsvFlags extends AffectFlags {
  readonly images?: string;
  readonly imageColumn: string;
  readonly labelColumn: string;
}

export interface FerbenchFlags extends AffectFlags {
  readonly questions: string;
  readonly images?: string;
}

export interface NpzFlags extends AffectFlags {
  readonly split: Split;
}
