import { SOFTWARE } from '../../src/domain/decoder.js';
import type { SettledDevice } from '../../src/domain/device.js';
import type { SettledPrecision } from '../../src/domain/precision.js';

/** Nothing but the processor was asked for. */
export const ON_PROCESSOR: SettledDevice = { asked: 'auto', used: 'cpu', problem: null };
/** The numbers that are the same on every machine. */
export const IN_FLOAT: SettledPrecision = { asked: 'float', used: 'float', problem: null };
export const WITHOUT_HARDWARE = { device: ON_PROCESSOR, precision: IN_FLOAT, decoder: SOFTWARE } as const;
