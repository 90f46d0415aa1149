import type { Device } from '../domain/device.js';
import type { Tensor, Tensors } from '../domain/tensor.js';

/** A model as a lane loads it: the ONNX graph on disk. */
export interface LaneModel {
  readonly id: string;
  readonly onnxPath: string;
}

/** What a lane worker is started with. */
export interface LaneSettings {
  readonly models: readonly LaneModel[];
  /** ONNX Runtime threads inside one run. With several lanes, 1 wastes the least. */
  readonly intraOpThreads: number;
  /** As `settleDevice` found it to work. @default 'cpu' */
  readonly device?: Device;
}

export type ToLane =
  | { readonly type: 'run'; readonly job: number; readonly modelId: string; readonly inputs: Tensors }
  | { readonly type: 'close' }
  /** For tests of recovery. */
  | { readonly type: 'crash' };

export type FromLane =
  | { readonly type: 'ready' }
  | { readonly type: 'failed-start'; readonly message: string }
  | { readonly type: 'result'; readonly job: number; readonly outputs: Record<string, Tensor>; readonly busyMs: number }
  | { readonly type: 'error'; readonly job: number; readonly message: string };
