/**
 * Worker entry of one inference lane. onnxruntime-node runs synchronously and blocks the thread it is on, so each
 * lane is a thread with sessions of its own. The only file that runs models.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import type { Tensor } from '../domain/tensor.js';
import type { FromLane, LaneSettings, ToLane } from './lane-protocol.js';

const port = parentPort;
if (!port) throw new Error('lane-worker runs only as a worker thread');

const send = (message: FromLane, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

/** Null when the lane is closed meanwhile: a thread must not be ended from outside inside ONNX Runtime. */
async function loadSessions(settings: LaneSettings): Promise<Map<string, ort.InferenceSession> | null> {
  const sessions = new Map<string, ort.InferenceSession>();
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
    sessions.set(model.id, session);
  }
  return sessions;
}

/** Private copies of inputs that lie in shared memory, by name and reused from run to run. */
const privateBytes = new Map<string, Uint8Array>();

/**
 * ONNX Runtime's binding takes no views on shared memory ("Invalid argument", 1.30) and none with strides, so such an
 * input is copied here, once, on the lane's own thread.
 */
function ownData(name: string, tensor: Tensor): Tensor['data'] {
  if (tensor.dtype !== 'uint8') return tensor.data;
  const { data, rowStride } = tensor;
  if (rowStride === undefined && !(data.buffer instanceof SharedArrayBuffer)) return data;
  const [rows, columns] = rowStride === undefined ? [1, data.byteLength] : (tensor.shape as [number, number]);
  const size = rows * columns;
  let bytes = privateBytes.get(name);
  if (!bytes || bytes.byteLength < size) {
    bytes = new Uint8Array(size);
    privateBytes.set(name, bytes);
  }
  for (let row = 0; row < rows; row++) {
    const start = row * (rowStride ?? 0);
    bytes.set(data.subarray(start, start + columns), row * columns);
  }
  return bytes.subarray(0, size);
}

async function run(sessions: Map<string, ort.InferenceSession>, message: ToLane & { type: 'run' }): Promise<void> {
  const session = sessions.get(message.modelId);
  if (!session) throw new Error(`model ${message.modelId} is not loaded in this lane`);
  const started = performance.now();
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, tensor] of Object.entries(message.inputs)) {
    feeds[name] = new ort.Tensor(tensor.dtype, ownData(name, tensor), [...tensor.shape]);
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
  let sessions: Map<string, ort.InferenceSession> | null;
  try {
    sessions = await loadSessions(workerData as LaneSettings);
  } catch (error) {
    send({ type: 'failed-start', message: String(error instanceof Error ? error.message : error) });
    return;
  }
  if (sessions === null) return;
  const loaded = sessions;
  // One job at a time: ONNX Runtime's run() starts its native call in a later turn of the event loop, when the next
  // message would already have overwritten the private input bytes.
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
