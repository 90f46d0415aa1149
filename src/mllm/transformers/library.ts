/** The members of @huggingface/transformers (4.3) that are used; the package is optional, so its types are not imported. */
export interface TransformersLibrary {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoProcessor: { from_pretrained(model: string): Promise<Processor> };
  readonly AutoModelForImageTextToText: {
    from_pretrained(model: string, options: Readonly<Record<string, unknown>>): Promise<Model>;
  };
  readonly RawImage: new (data: Uint8ClampedArray, width: number, height: number, channels: 3) => object;
  readonly InterruptableStoppingCriteria: new () => { interrupt(): void };
}

export interface TokenTensor {
  readonly dims: readonly number[];
  readonly data: BigInt64Array;
  slice(...ranges: readonly (readonly [number, number | null] | null)[]): TokenTensor;
}

export interface Processor {
  (images: readonly object[], texts: readonly string[], options: object): Promise<{ readonly input_ids: TokenTensor }>;
  apply_chat_template(messages: readonly object[], options: object): string;
  readonly tokenizer: {
    readonly padding_side: string;
    decode(tokens: readonly bigint[], options: object): string;
  };
}

export interface Model {
  readonly generation_config: { readonly eos_token_id?: number | readonly number[] } | null;
  generate(options: Readonly<Record<string, unknown>>): Promise<TokenTensor>;
}
