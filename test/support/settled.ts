import { SOFTWARE } from '../../src/domain/decoder.js';
import type { SettledDevice } from '../../src/domain/device.js';

/** Nothing but the processor was asked for. */
export const ON_PROCESSOR: SettledDevice = { asked: 'auto', used: 'cpu', problem: null };
export const WITHOUT_HARDWARE = { device: ON_PROCESSOR, decoder: SOFTWARE } as const;
