/**
 * Worker entry of one inference lane. onnxruntime-node runs synchronously and blocks the thread it is on, so each
 * lane is a thread with sessions of its own. The only file that runs models.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import type { Tensor } from '../domain/tensor.js';
import { CropCutter, cropInputOf } from '../models/cut-crops.js';
import type { FromLane, LaneSettings, ToLane } from './lane-protocol.js';

const port = parentPort;
if (!port) throw new Error('lane-worker runs only as a worker thread');

const send = (message: FromLane, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

interface LoadedModel {
  readonly session: ort.InferenceSession;
  /** Makes its crops; null for a model that takes none. */
  readonly cutter: CropCutter | null;
}

/** Null when the lane is closed meanwhile: a thread must not be ended from outside inside ONNX Runtime. */
async function loadSessions(settings: LaneSettings): Promise<Map<string, LoadedModel> | null> {
  const sessions = new Map<string, LoadedModel>();
  for (const model of settings.models) {
    if (receiveMessageOnPort(port!) !== undefined) return null;
    const session = await ort.InferenceSession.create(model.onnxPath, {
      executionProviders: [settings.device ?? 'cpu'],
      intraOpNumThreads: settings.intraOpThreads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // Idle threads that spin take whole cores away from the decoder (reference: ONNX Runtime threading page).
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
    const crops = cropInputOf(session.inputMetadata);
    sessions.set(model.id, { session, cutter: crops && new CropCutter(crops) });
  }
  return sessions;
}

async function run(sessions: Map<string, LoadedModel>, message: ToLane & { type: 'run' }): Promise<void> {
  const model = sessions.get(message.modelId);
  if (!model) throw new Error(`model ${message.modelId} is not loaded in this lane`);
  const { session, cutter } = model;
  const started = performance.now();
  const inputs = cutter ? cutter.replace(message.inputs) : message.inputs;
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, { dtype, data, shape }] of Object.entries(inputs)) {
    feeds[name] = new ort.Tensor(dtype, data, [...shape]);
  }
  const results = await session.run(feeds);
  const outputs: Record<string, Tensor> = {};
  const transfer: ArrayBuffer[] = [];
  for (const [name, value] of Object.entries(results)) {
    // ONNX Runtime owns the result's memory: copy it (kilobytes) so that it can be transferred.
    const data = new Float32Array(value.data as Float32Array);
    outputs[name] = { dtype: 'float32', shape: [...value.dims], data };
    transfer.push(data.buffer as ArrayBuffer);
    value.dispose();
  }
  send({ type: 'result', job: message.job, outputs, busyMs: performance.now() - started }, transfer);
}

async function main(): Promise<void> {
  let sessions: Map<string, LoadedModel> | null;
  try {
    sessions = await loadSessions(workerData as LaneSettings);
  } catch (error) {
    send({ type: 'failed-start', message: String(error instanceof Error ? error.message : error) });
    return;
  }
  if (sessions === null) return;
  const loaded = sessions;
  // One job at a time: ONNX Runtime's run() starts its native call in a later turn of the event loop, when the next
  // message would already have overwritten the crops.
  let last: Promise<void> = Promise.resolve();
  port?.on('message', (message: ToLane) => {
    if (message.type === 'crash') throw new Error('asked to crash');
    last = last.then(async () => {
      if (message.type === 'close') {
        port?.close();
        return;
      }
      try {
        await run(loaded, message);
      } catch (error) {
        send({ type: 'error', job: message.job, message: String(error instanceof Error ? error.message : error) });
      }
    });
  });
  send({ type: 'ready' });
}

await main();
