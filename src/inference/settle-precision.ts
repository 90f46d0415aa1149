import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, cpus, hostname } from 'node:os';
import type { Device } from '../domain/device.js';
import type { PrecisionChoice, SettledPrecision } from '../domain/precision.js';
import type { ReadyModel } from '../models/registry.js';
import { builtFile } from './built-file.js';
import { type MachineNotes, machineNotes } from './machine-notes.js';

/** `auto` takes integers when they need at most this much of the time: a choice of the noise would gain nothing. */
const WORTH_IT = 0.9;
const PROBE_MS = 60_000;

/** What a machine says of models in integers. */
export interface PrecisionTrial {
  /** Why they do not give the recorded numbers, in a few words; null when they do. */
  readonly problem: string | null;
  /** Milliseconds for one run of each model that has a form in integers. */
  readonly floatMs: number;
  readonly int8Ms: number;
}

/** Null when the trial itself failed. */
export type TryPrecision = (modelIds: readonly string[], signal?: AbortSignal) => Promise<PrecisionTrial | null>;

export interface SettlePrecisionOptions {
  readonly signal?: AbortSignal | undefined;
  /** @default a process of its own */
  readonly trial?: TryPrecision;
  /** @default a file in this user's cache folder */
  readonly notes?: MachineNotes;
}

/**
 * Which numbers the models compute with, settled once for all lanes: a run's results come from one precision. Integers are
 * used when this processor computes the recorded numbers with them, and, for `auto`, when they are faster; both are tried
 * once per machine, models and version of ONNX Runtime. Never rejects.
 */
export async function settlePrecision(
  asked: PrecisionChoice,
  device: Device,
  models: readonly ReadyModel[],
  { signal, trial = tryInProcess, notes = machineNotes('precision') }: SettlePrecisionOptions = {},
): Promise<SettledPrecision> {
  const float = (problem: string | null): SettledPrecision => ({ asked, used: 'float', problem });
  const able = models.filter(({ int8 }) => int8 !== null);
  if (asked === 'float' || (asked === 'auto' && (device !== 'cpu' || able.length === 0))) return float(null);
  if (device !== 'cpu') return float(`models run in float, not in int8: integers are for the processor, not ${device}`);
  if (able.length === 0) return float('models run in float, not in int8: none of them has a form in integers');
  const key = machineKey(able);
  let found = asTrial(notes.read(key));
  if (found === null) {
    const ids = able.map(({ id }) => id);
    found = await trial(ids, signal);
    if (found !== null) notes.write(key, found);
  }
  const why = found === null ? 'trying it failed' : found.problem;
  if (why !== null) return float(asked === 'auto' ? null : `models run in float, not in int8: ${why}`);
  const used = asked === 'int8' || found!.int8Ms <= WORTH_IT * found!.floatMs ? 'int8' : 'float';
  return { asked, used, problem: null };
}

/** What the numbers and their speed depend on. */
function machineKey(models: readonly ReadyModel[]): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const graphs = models.map(({ id, sha256, int8 }) => `${id} ${sha256} ${int8!.sha256}`);
  return [hostname(), cpus()[0]?.model ?? '', arch(), `onnxruntime ${version}`, ...graphs].join('; ');
}

function asTrial(value: unknown): PrecisionTrial | null {
  const { problem, floatMs, int8Ms } = (value ?? {}) as Partial<Record<keyof PrecisionTrial, unknown>>;
  if (problem !== null && typeof problem !== 'string') return null;
  if (typeof floatMs !== 'number' || typeof int8Ms !== 'number') return null;
  return { problem, floatMs, int8Ms };
}

const tryInProcess: TryPrecision = (modelIds, signal) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [builtFile('../models/probe-precision.js'), ...modelIds], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: PROBE_MS,
      killSignal: 'SIGKILL',
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 1_000);
    });
    child.on('error', () => resolve(null));
    child.on('close', () => {
      try {
        resolve(asTrial(JSON.parse(said)));
      } catch {
        resolve(null);
      }
    });
  });
