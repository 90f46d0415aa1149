import type { Bus } from '../cluster/connection.js';
import type { MllmConfig } from '../config/serve-config.js';
import type { MllmEngine } from '../domain/insight.js';
import { createMllmEngine } from './mllm-engine.js';

/** Placeholder until the words role is merged. */
export function createBusWords(config: MllmConfig, _bus: Bus): MllmEngine {
  return createMllmEngine(config);
}
