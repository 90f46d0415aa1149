/** A tensor as it crosses into and out of an inference lane. Data length equals the product of `shape`, but for strided views. */
export type Tensor =
  | {
      readonly dtype: 'uint8';
      readonly shape: readonly number[];
      readonly data: Uint8Array;
      /** Elements from one row to the next of a two-dimensional view into something wider; a lane packs it. */
      readonly rowStride?: number;
    }
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array };

export type Tensors = Readonly<Record<string, Tensor>>;

/** Runs one model by id. Stages declare what they need of it; inference lanes satisfy it. */
export type RunModel = (modelId: string, inputs: Tensors) => Promise<Record<string, Tensor>>;
