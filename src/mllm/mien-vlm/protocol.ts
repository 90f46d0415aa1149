import type { MeshPoints } from '../../domain/face.js';
import type { EngineAnswer } from '../../domain/insight.js';

/** What the worker of mien-vlm is started with. */
export interface VlmWorkerSettings {
  /** Of a release: encoder.onnx, decoder.onnx, tokenizer.json, config.json. */
  readonly folder: string;
  /** ONNX Runtime threads inside one run. */
  readonly intraOpThreads: number;
}

/** One question as the worker takes it. */
export interface VlmQuestion {
  readonly user: string;
  readonly jpeg: Uint8Array | null;
  readonly mesh: MeshPoints | null;
  readonly begun: string;
  readonly labels: readonly string[] | null;
  readonly maxTokens: number;
  /** Whether somebody looks on while it is answered. */
  readonly tells: boolean;
}

export type ToVlmWorker =
  | { readonly type: 'ask'; readonly job: number; readonly question: VlmQuestion }
  | { readonly type: 'cancel'; readonly job: number }
  | { readonly type: 'close' }
  /** For tests of recovery. */
  | { readonly type: 'crash' };

export type FromVlmWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed-start'; readonly message: string }
  | { readonly type: 'text'; readonly job: number; readonly soFar: string }
  | { readonly type: 'answer'; readonly job: number; readonly answer: EngineAnswer }
  /** It cannot be asked so: `message` names what to change. */
  | { readonly type: 'refused'; readonly job: number; readonly message: string }
  | { readonly type: 'error'; readonly job: number };
