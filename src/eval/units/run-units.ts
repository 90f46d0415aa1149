import type { ImageSource } from '../image-source.js';
import { readStills, validityCounts } from '../read-stills.js';
import type { StillReader } from '../still-reader.js';
import type { CodedList } from './coded-faces.js';
import type { Protocol } from './protocol.js';
import { scoreUnits, type UnitScoring } from './score-units.js';
import type { UnitsEvalReport } from './unit-report.js';

/** What of a measurement is measured again by a set's protocol. */
type Further = (scoring: UnitScoring) => Protocol;

export interface RunUnitsOptions {
  readonly list: CodedList;
  readonly images: ImageSource;
  readonly reader: StillReader;
  /** Degree from which on a coded unit counts as present. */
  readonly presentFrom: number;
  readonly mienVersion: string;
  readonly data: UnitsEvalReport['data'];
  /** The protocol of a set; null: none. */
  readonly protocol: Further | null;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Measures mien's action units on FACS-coded pictures. Rejects with what pictures and lanes raise. */
export async function runUnits(options: RunUnitsOptions): Promise<UnitsEvalReport> {
  const { list, reader, presentFrom } = options;
  const readings = await readStills({ ...options, names: list.faces.map(({ image }) => image) });
  const scoring = { list, readings, units: reader.units, presentFrom };
  const { neutral, ...scores } = scoreUnits(scoring);
  const images = readings.length;
  const found = readings.filter(({ validity }) => validity !== 'no-face').length;
  const read = readings.filter(({ actionUnits }) => actionUnits !== null).length;
  const subjects = new Set(list.faces.map(({ subject }) => subject));
  return {
    schema: 'mien-eval-units/1',
    mienVersion: options.mienVersion,
    data: options.data,
    model: { ...reader.model, device: reader.device },
    presentFrom,
    hasDegrees: list.hasDegrees,
    counts: {
      images,
      subjects: scores.resampled === 'subjects' ? subjects.size : null,
      found,
      read,
      validity: validityCounts(readings),
      neutral,
    },
    shares: { found: found / images, read: read / images },
    ...scores,
    protocol: options.protocol === null ? null : options.protocol(scoring),
  };
}
