/** What is said of a camera whose analysis is behind, alike wherever it is: "analysis behind, 3.4 s". */
export const behindWords = (ms: number): string => `analysis behind, ${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
