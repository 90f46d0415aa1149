import type { ImageSource } from '../image-source.js';
import { readStills, validityCounts } from '../read-stills.js';
import type { AimedFace } from './gaze-list.js';
import type { GazeReader, StillGaze } from './gaze-reader.js';
import type { GazeEvalReport } from './gaze-report.js';
import { scoreGaze } from './score-gaze.js';

export interface RunGazeOptions {
  readonly faces: readonly AimedFace[];
  /** Names of the columns that divide the pictures. */
  readonly by: readonly string[];
  readonly images: ImageSource;
  readonly reader: GazeReader;
  readonly mienVersion: string;
  readonly data: GazeEvalReport['data'];
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Measures mien's gaze on pictures whose gaze is known. Rejects with what pictures and lanes raise. */
export async function runGaze(options: RunGazeOptions): Promise<GazeEvalReport> {
  const { faces, by, reader } = options;
  const readings = await readStills({ ...options, names: faces.map(({ image }) => image) });
  const { bySubject, ...scores } = scoreGaze({ faces, readings, by });
  return {
    schema: 'mien-eval-gaze/1',
    mienVersion: options.mienVersion,
    data: options.data,
    model: { ...reader.model, device: reader.device, precision: reader.precision },
    counts: {
      images: faces.length,
      subjects: bySubject ? new Set(faces.map(({ subject }) => subject)).size : null,
      found: readings.filter(({ validity }) => validity !== 'no-face').length,
      read: readings.filter(({ gaze }) => gaze !== null).length,
      validity: validityCounts(readings),
      missing: missingCounts(readings),
    },
    ...scores,
  };
}

function missingCounts(readings: readonly StillGaze[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { gaze, missing, validity } of readings)
    if (!gaze && missing && validity !== 'no-face') counts[missing] = (counts[missing] ?? 0) + 1;
  return counts;
}
