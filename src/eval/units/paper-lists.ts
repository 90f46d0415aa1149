import { FABA_UNITS, FEABENCH_UNITS } from '../benchmarks/unit-sets.js';
import { AU_SET } from './au-sets.js';

/** The action units that a paper's mean is taken over, as FACS numbers. */
export interface PaperList {
  readonly name: string;
  readonly units: readonly string[];
}

/** Lists of the papers' benchmarks: FABA-Bench, FEABench, and what most papers on BP4D and DISFA report. */
export const PAPER_LISTS: readonly PaperList[] = [
  { name: 'FABA-Bench', units: FABA_UNITS.scored },
  { name: 'FEABench', units: FEABENCH_UNITS },
  { name: 'BP4D', units: AU_SET.bp4d.units },
  { name: 'DISFA', units: AU_SET.disfa.units },
];
