import { Command } from 'commander';
import type { DecodeChoice } from '../../domain/decoder.js';
import type { DeviceChoice } from '../../domain/device.js';
import type { PrecisionChoice } from '../../domain/precision.js';
import type { Study } from '../../domain/study.js';
import { addAnalyzeOptions } from '../analyze-command.js';
import type { AnalyzeFlags } from '../analyze-flags.js';
import type { LogFlags } from '../log-flags.js';
import type { OutputFlags } from '../output-flags.js';

/** The options of `mien study run`. */
export interface StudyRunFlags extends LogFlags, OutputFlags {
  readonly jobs: number;
  /** Ids of sessions and videos; all where there are none. */
  readonly only?: readonly string[];
  readonly device: DeviceChoice;
  readonly precision: PrecisionChoice;
  readonly decode: DecodeChoice;
  readonly lanes?: number;
}

/** How `mien analyze` would be told to analyse the videos of a study: what neither says is as that command has it. */
export function analyzeFlagsOf({ analysis, results }: Study, flags: StudyRunFlags): AnalyzeFlags {
  const defaults = addAnalyzeOptions(new Command()).opts<AnalyzeFlags>();
  const { fps, ...others } = analysis;
  const { only: _, ...given } = flags;
  return {
    ...defaults,
    ...given,
    ...others,
    ...(fps === null ? {} : { fps }),
    formats: analysis.formats as AnalyzeFlags['formats'],
    out: results,
  };
}
