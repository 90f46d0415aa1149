import type { Episode } from '../domain/records.js';
import { ELAN_MAX_FACES, ELAN_RATE_HZ, openElanTracks } from './elan-tracks.js';
import type { FileSink } from './file-sink.js';
import { closeAll, discard, openLineFile } from './line-file.js';
import type { SinkTarget } from './output-file.js';

const HEADER = ['Tier', 'Begin Time - msec', 'End Time - msec', 'Duration - msec', 'Annotation', 'Peak', 'Confidence'];

/** One annotation: tier = person and kind of signal, whole milliseconds, at least 1 ms long. */
export function intervalLine(episode: Episode): string {
  const begin = Math.max(0, Math.round(episode.onsetUs / 1000));
  const end = Math.max(begin + 1, Math.round((episode.offsetUs ?? episode.apexUs) / 1000));
  const label = episode.label.replace(/[\s\p{Cc}]+/gu, ' ');
  const tier = `Person ${episode.track} ${episode.kind}`;
  return [tier, begin, end, end - begin, label, episode.peak.toFixed(3), episode.confidence.toFixed(3)].join('\t');
}

/**
 * `<base>.elan-intervals.tsv` (ELAN: import tab-delimited text, skip one line) and `<base>.elan-tracks.csv` (ELAN: linked
 * file, secondary, time series; time in the first column).
 */
export async function createElanSink(target: SinkTarget): Promise<FileSink> {
  const intervals = await openLineFile(target, '.elan-intervals.tsv');
  const tracks = await openElanTracks(target).catch(async (error: unknown) => {
    await discard(intervals);
    throw error;
  });
  intervals.write(`${HEADER.join('\t')}\n`);
  return {
    name: 'elan',
    records: (batch) => tracks.add(batch),
    episode: (episode) => intervals.write(`${intervalLine(episode)}\n`),
    close: () => closeAll([intervals, tracks]),
    files: () => [
      {
        path: intervals.path,
        format: 'ELAN tab-delimited text, one line per episode',
        contents: {
          Tier: 'person and kind of signal',
          'Begin, End, Duration': 'milliseconds of media time',
          Annotation: 'label',
          Peak: 'highest smoothed value, 0..1',
          Confidence: 'mean smoothed probability of the label, 0..1',
        },
      },
      {
        path: tracks.path,
        format: `ELAN time series, CSV, ${ELAN_RATE_HZ} rows per second`,
        contents: {
          time_s: 'seconds of media time, uniform',
          'p<track>_<emotion>': 'smoothed probability 0..1, linear between neighbouring frames',
          'p<track>_valence_derived, p<track>_arousal_derived':
            '-1..1, smoothed, derived from the emotion distribution',
        },
        empty: {
          cells: 'the face had no reading at that time',
          ...(tracks.facesLeftOut() > 0
            ? {
                [`${tracks.facesLeftOut()} faces`]: `only the ${ELAN_MAX_FACES} faces read longest have columns; all are in the intervals and records`,
              }
            : {}),
        },
      },
    ],
  };
}
