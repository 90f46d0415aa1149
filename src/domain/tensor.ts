/** A tensor as it crosses into and out of an inference lane. Data length equals the product of `shape`. */
export type Tensor =
  | { readonly dtype: 'uint8'; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array };

export type Tensors = Readonly<Record<string, Tensor>>;

/** Runs one model by id. Stages declare what they need of it; inference lanes satisfy it. */
export type RunModel = (modelId: string, inputs: Tensors) => Promise<Record<string, Tensor>>;
