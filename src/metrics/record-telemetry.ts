import type { Telemetry } from '../domain/telemetry.js';
import type { DeclaredRegistry } from './declared-registry.js';
import { recordCameras } from './record-cameras.js';
import { recordKeeping } from './record-keeping.js';
import { recordQuestions } from './record-questions.js';
import { recordRules } from './record-rules.js';
import { recordServer } from './record-server.js';
import { recordWords } from './record-words.js';

/** Writes what happens into the metrics. */
export function recordTelemetry(to: DeclaredRegistry): Telemetry {
  return {
    ...recordCameras(to),
    ...recordQuestions(to),
    ...recordWords(to),
    ...recordRules(to),
    ...recordKeeping(to),
    ...recordServer(to),
  };
}
