import type { Measure } from './measure.js';

/** The measures of two people, in the order of tables: three for each signal. */
export function synchronyMeasures(signals: readonly string[]): readonly Measure[] {
  return signals.flatMap((signal): Measure[] => {
    const common = {
      signal,
      source: `records.jsonl: ${signal} of both`,
      scale: 1,
      windows: ['session', 'marker'] as const,
      relative: [],
    };
    return [
      {
        name: `${signal}_synchrony`,
        kind: 'synchrony',
        about: `how alike ${signal} of the two moves`,
        unit: 'correlation',
        range: '-1..1',
        ...common,
      },
      {
        name: `${signal}_synchrony_lag`,
        kind: 'synchrony-lag',
        about: `how long the partner’s ${signal} comes after the person’s`,
        unit: 'seconds',
        range: 'lags either way',
        ...common,
      },
      {
        name: `${signal}_synchrony_p`,
        kind: 'synchrony-p',
        about: `how often chance reaches the synchrony of ${signal}`,
        unit: 'p value',
        range: '0..1',
        ...common,
      },
    ];
  });
}
