import type { Logger } from '../../src/domain/logger.js';

/** A log that keeps its lines, without those of level debug. */
export function collectingLogger(lines: string[] = []): Logger {
  const push = (line: string): void => void lines.push(line);
  return { debug: () => undefined, info: push, warn: push, error: push };
}
