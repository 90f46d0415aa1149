import type { ImageSource } from '../image-source.js';
import { readStills, validityCounts } from '../read-stills.js';
import type { CoverList } from './cover-list.js';
import type { CoverReader } from './cover-reader.js';
import type { CoversEvalReport } from './cover-report.js';
import { COVER_LIMITS, scoreCovers } from './score-covers.js';

export interface RunCoversOptions {
  readonly list: CoverList;
  /** Names of the columns that divide the pictures. */
  readonly by: readonly string[];
  readonly images: ImageSource;
  readonly reader: CoverReader;
  readonly mienVersion: string;
  readonly data: CoversEvalReport['data'];
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Measures what mien says lies before faces on pictures where that is known. Rejects with what pictures and lanes raise. */
export async function runCovers(options: RunCoversOptions): Promise<CoversEvalReport> {
  const { list, by, reader } = options;
  const { faces } = list;
  const readings = await readStills({ ...options, names: faces.map(({ image }) => image) });
  const { bySubject, ...scores } = scoreCovers({ list, readings, by });
  return {
    schema: 'mien-eval-covers/1',
    mienVersion: options.mienVersion,
    data: options.data,
    model: { ...reader.model, device: reader.device, precision: reader.precision },
    limits: COVER_LIMITS,
    counts: {
      images: faces.length,
      subjects: bySubject ? new Set(faces.map(({ subject }) => subject)).size : null,
      found: readings.filter(({ validity }) => validity !== 'no-face').length,
      read: readings.filter(({ cover }) => cover !== null).length,
      validity: validityCounts(readings),
    },
    ...scores,
  };
}
