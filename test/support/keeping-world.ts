import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeepSettings } from '../../src/domain/keeping.js';
import type { LiveEvent } from '../../src/domain/live.js';
import type { FaceRecord } from '../../src/domain/records.js';
import type { RuleFiring } from '../../src/domain/rules.js';
import { micros } from '../../src/domain/units.js';
import { Keeping } from '../../src/keeping/keeping.js';
import type { WriteBytes } from '../../src/sinks/output-file.js';
import { collectingLogger } from './collecting-logger.js';
import { ManualClock } from './manual-clock.js';
import { episode, faceRecord } from './record-builders.js';
import { recordingTelemetry } from './recording-telemetry.js';
import { facesOf, firingOf } from './rule-builders.js';

/** Noon of a day in the zone of the machine: whatever that is, hours before and after are of the same day. */
export const NOON_MS = new Date(2026, 0, 15, 12).getTime();
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

class NoonClock extends ManualClock {
  override wallTimeMs(): number {
    return NOON_MS + super.wallTimeMs();
  }
}

export const keepSettings = (folder: string, more: Partial<KeepSettings> = {}): KeepSettings => ({
  folder,
  what: ['readings', 'episodes', 'insights', 'rules'],
  formats: ['jsonl'],
  cameras: null,
  partBytes: 2 ** 30,
  days: 7,
  maxBytes: 2 ** 40,
  minFreeBytes: 0,
  pictures: { blur: true, beforeMs: 1_000, afterMs: 1_000, maxFps: 5, maxSidePx: 640 },
  ...more,
});

/** Something that keeps, with a clock that stands still at noon. */
export async function keepingWorld(
  folder: string,
  more: Partial<KeepSettings> = {},
  edges: { readonly write?: WriteBytes; readonly freeBytes?: (folder: string) => Promise<number> } = {},
) {
  const log: string[] = [];
  const telemetry = recordingTelemetry();
  const clock = new NoonClock();
  const settings = keepSettings(folder, more);
  const logger = collectingLogger(log);
  const keeping = await Keeping.start({ settings, actionUnits: [], clock, logger, telemetry, ...edges });
  return { keeping, clock, log, telemetry, settings };
}

/** A frame with one face, or with these records. */
export function frameAt(atMs: number, source = 'door', more: Partial<FaceRecord> = {}): LiveEvent {
  const wallTime = new Date(atMs).toISOString();
  return facesOf(
    [faceRecord(1, { source, wallTime, ptsUs: micros((atMs - NOON_MS + DAY_MS) * 1_000), ...more })],
    atMs,
  );
}

export const episodeAt = (atMs: number, source = 'door'): LiveEvent => ({
  type: 'episode',
  source,
  episode: episode({ source, phase: 'end' }),
  wallTimeMs: atMs,
});

export const firingAtNoon = (more: Partial<RuleFiring> = {}): RuleFiring =>
  firingOf({ at: new Date(NOON_MS).toISOString(), ...more });

export const ruleAt = (atMs: number, source = 'door'): LiveEvent => ({
  type: 'rule',
  source,
  firing: firingOf({ source, at: new Date(atMs).toISOString() }),
  wallTimeMs: atMs,
});

/** Every file below a folder, sorted, as paths from it. */
export const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
    : [];

/** The instants of the lines of a file. */
export const timesIn = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => Date.parse((JSON.parse(line) as { wallTime: string }).wallTime));
