/** What the worker of the in-process engine is started with. */
export interface WorkerSettings {
  /** Specifier of the package: its name, or the address of its entry file. */
  readonly packageName: string;
  /** A folder with the model, or its name on the hub. */
  readonly model: string;
  /** Whether a model that is not on this machine may be downloaded. */
  readonly allowDownload: boolean;
  readonly dtype: string;
  readonly device: string;
}

/** One question as the worker takes it: one picture, text already complete. */
export interface WorkerQuestion {
  readonly system: string | null;
  readonly user: string;
  readonly jpeg: Uint8Array | null;
  readonly prefill: string;
  readonly maxTokens: number;
}

export interface WorkerAnswer {
  readonly text: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly truncated: boolean;
}

export type ToWorker =
  | { readonly type: 'run'; readonly job: number; readonly questions: readonly WorkerQuestion[] }
  | { readonly type: 'cancel'; readonly job: number }
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed-start'; readonly why: 'package' | 'model' }
  | { readonly type: 'answers'; readonly job: number; readonly answers: readonly WorkerAnswer[] }
  | { readonly type: 'cancelled'; readonly job: number }
  | { readonly type: 'error'; readonly job: number };
