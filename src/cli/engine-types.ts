/** Kinds of multimodal LLM that a command line can name: servers, or a model inside this process. */
export const ENGINE_TYPES = ['openai', 'transformers'] as const;
