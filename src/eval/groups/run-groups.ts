import { EMOTIONS } from '../../domain/affect.js';
import type { ImageSource } from '../image-source.js';
import { readStills } from '../read-stills.js';
import type { StillReader } from '../still-reader.js';
import type { GroupsEvalReport } from './group-report.js';
import type { GroupedFace } from './grouped-faces.js';
import { scoreGroups } from './score-groups.js';

export interface RunGroupsOptions {
  readonly faces: readonly GroupedFace[];
  readonly by: readonly string[];
  readonly images: ImageSource;
  readonly reader: StillReader;
  readonly mienVersion: string;
  readonly data: GroupsEvalReport['data'];
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Compares what mien says of groups of people. Rejects with what pictures and lanes raise. */
export async function runGroups(options: RunGroupsOptions): Promise<GroupsEvalReport> {
  const { faces, by, reader } = options;
  const readings = await readStills({ ...options, names: faces.map(({ image }) => image) });
  return {
    schema: 'mien-eval-groups/1',
    mienVersion: options.mienVersion,
    data: options.data,
    model: { ...reader.model, device: reader.device, precision: reader.precision },
    emotions: EMOTIONS,
    units: reader.units,
    ...scoreGroups({ faces, readings, by, units: reader.units }),
  };
}
