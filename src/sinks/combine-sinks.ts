import type { Sink } from '../domain/records.js';

/**
 * One sink that passes everything to several, in order. The first failure of records() or episode() is thrown at once:
 * the run is over then. close() closes all, also when one fails, and throws the first failure.
 */
export function combineSinks(sinks: readonly Sink[]): Sink {
  const each = async (action: (sink: Sink) => Promise<void> | undefined | void): Promise<void> => {
    for (const sink of sinks) {
      const pending = action(sink);
      if (pending) await pending;
    }
  };
  return {
    name: sinks.map((sink) => sink.name).join('+'),
    records: (records) => each((sink) => sink.records(records)),
    episode: (episode) => each((sink) => sink.episode(episode)),
    frame: (frame, records) => each((sink) => sink.frame?.(frame, records)),
    insight: (insight, evidenceJpeg) => each((sink) => sink.insight?.(insight, evidenceJpeg)),
    async close(summary) {
      const failures: unknown[] = [];
      for (const sink of sinks) {
        try {
          await sink.close(summary);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
