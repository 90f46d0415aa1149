import type { DeviceChoice } from '../../domain/device.js';
import type { ModelSize } from '../../domain/model-size.js';
import type { PrecisionChoice } from '../../domain/precision.js';
import type { AngleUnit } from '../../domain/units.js';
import type { AuSetName, UnitChoice } from '../../eval/units/au-sets.js';

/** What every measurement of photographs by the product itself is told. */
export interface StillFlags {
  /** Of what reads emotions or action units. */
  readonly model?: ModelSize;
  readonly imageColumn: string;
  readonly images?: string;
  readonly device: DeviceChoice;
  readonly precision: PrecisionChoice;
  readonly out: string;
  readonly overwrite?: true;
}

export interface AuListFlags extends StillFlags {
  readonly subjectColumn?: string;
  readonly presentFrom: number;
}

export interface AuSetFlags extends Omit<StillFlags, 'imageColumn'> {
  readonly set: AuSetName;
  readonly units: UnitChoice;
  readonly sample?: number;
  readonly frameImage?: string;
}

export interface GroupFlags extends StillFlags {
  readonly by: readonly string[];
  readonly labelColumn?: string;
}

export interface GazeFlags extends StillFlags {
  readonly subjectColumn?: string;
  readonly by: readonly string[];
  readonly unit: AngleUnit;
}

export type CoverFlags = Omit<GazeFlags, 'unit'>;
