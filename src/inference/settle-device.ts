import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Device, DeviceChoice, SettledDevice } from '../domain/device.js';
import { builtFile } from './built-file.js';

/** A GPU has loaded its libraries and run the models once by then; a GPU imitated by the processor has not. */
const PROBE_MS = 60_000;

/** Why models do not run on a device, in a few words; null when they do. */
export type ProbeDevice = (device: Device, modelIds: readonly string[], signal?: AbortSignal) => Promise<string | null>;

export interface SettleOptions {
  readonly signal?: AbortSignal | undefined;
  /** @default a process of its own */
  readonly probe?: ProbeDevice;
  /** Whether ONNX Runtime's CUDA libraries are installed. @default looks for them */
  readonly hasCuda?: () => boolean;
}

/**
 * Which device runs the models, settled once for all lanes. An accelerator is used when it gives the numbers recorded for
 * each model; otherwise the processor, with the reason. The processor is not tried. Never rejects: once the signal has
 * aborted, its answer means nothing.
 *
 * @param modelIds - of the package's models
 */
export async function settleDevice(
  asked: DeviceChoice,
  modelIds: readonly string[],
  { signal, probe = probeInProcess, hasCuda = cudaInstalled }: SettleOptions = {},
): Promise<SettledDevice> {
  const wanted = asked === 'auto' ? (hasCuda() ? 'cuda' : 'cpu') : asked;
  if (wanted === 'cpu') return { asked, used: 'cpu', problem: null };
  const why = await probe(wanted, modelIds, signal);
  if (why === null) return { asked, used: wanted, problem: null };
  return { asked, used: 'cpu', problem: `models run on the processor, not on ${wanted}: ${why}` };
}

/**
 * In a process of its own: a driver that crashes or hangs ends there, and what native libraries write to standard error
 * when they find no GPU stays there. It sees the same variables as the lanes, which drivers are chosen by.
 */
const probeInProcess: ProbeDevice = (device, modelIds, signal) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [builtFile('../models/probe-device.js'), device, ...modelIds], {
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
    child.on('error', (error) => resolve(`it could not be tried (${error.message})`));
    child.on('close', (code, ended) => {
      if (said === 'ok') resolve(null);
      else if (said !== '') resolve(said.replace(/\s+/g, ' ').trim());
      else if (ended === 'SIGKILL') resolve(`the models' recorded tests took more than ${PROBE_MS / 1000} s`);
      else resolve(`trying it failed (${ended ?? `exit code ${code}`})`);
    });
  });

/** Its libraries are no part of the package: who has put them beside the runtime wants them used. */
function cudaInstalled(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return existsSync(join(runtime, 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so'));
}
