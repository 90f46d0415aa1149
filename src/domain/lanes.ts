/** How many inference threads may be asked for. Each holds its own copy of the models. */
export const LANES = { least: 1, most: 64 } as const;
