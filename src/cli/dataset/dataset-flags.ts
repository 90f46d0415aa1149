import type { MISSING_PICTURES, NEEDED_LABELS } from '../../dataset/convert.js';
import type { Apart } from '../../dataset/divide.js';
import type { Task } from '../../dataset/exchanges.js';
import type { FormName } from '../../dataset/forms.js';
import type { NUMBER_FORMS } from '../../dataset/landmarks/write-landmarks.js';
import type { SourceName } from '../../dataset/sources.js';
import type { DeviceChoice } from '../../domain/device.js';
import type { PrecisionChoice } from '../../domain/precision.js';
import type { UnitChoice } from '../../eval/units/au-sets.js';
import type { PointSet } from '../../landmarks/landmark-sets.js';
import type { AskingFlags } from '../asking-options.js';

/** How a labelled set is read, and which of its faces are taken. */
export interface SetFlags {
  readonly from: SourceName;
  readonly need: (typeof NEEDED_LABELS)[number];
  readonly images?: string;
  readonly sample?: number;
  readonly seed: number;
  readonly units: UnitChoice;
  readonly presentFrom?: number;
  readonly missing?: (typeof MISSING_PICTURES)[number];
  readonly frameImage?: string;
  readonly imageColumn: string;
  readonly labelColumn: string;
  readonly subjectColumn: string;
  readonly emotions?: string;
  readonly unitTexts?: string;
}

/** What `mien dataset convert` is told. */
export interface ConvertFlags extends SetFlags {
  readonly to: FormName;
  readonly task?: readonly Task[];
  readonly folds?: number | 'published';
  readonly testShare?: number;
  readonly apart: Apart;
  readonly questions?: string;
  readonly paths?: 'absolute' | 'relative';
  readonly name?: string;
  readonly out: string;
  readonly overwrite?: true;
}

/** What `mien dataset describe` is told. */
export interface DescribeFlags extends SetFlags, AskingFlags {
  readonly tries: number;
  readonly review: number;
  readonly out: string;
  readonly resume?: true;
  readonly overwrite?: true;
}

/** What `mien dataset agreement` is told. */
export interface AgreementFlags {
  readonly out?: string;
}

/** What `mien dataset landmarks` is told. */
export interface LandmarksFlags {
  readonly points: PointSet;
  readonly as: (typeof NUMBER_FORMS)[number];
  readonly images?: string;
  readonly imageColumn: string;
  readonly device: DeviceChoice;
  readonly precision: PrecisionChoice;
  readonly out: string;
  readonly resume?: true;
  readonly overwrite?: true;
}
