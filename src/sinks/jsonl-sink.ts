import type { LandmarkChoice } from '../domain/face.js';
import type { Insight } from '../domain/insight.js';
import { probability } from '../domain/units.js';
import { rounded } from '../record/number-text.js';
import { jsonEpisode, recordLine } from '../record/record-json.js';
import { recordNotes } from '../record/record-notes.js';
import type { FileDescription, FileSink } from './file-sink.js';
import { closeAll, type LineFile, openLineFiles } from './line-file.js';
import type { SinkTarget } from './output-file.js';

const LANDMARK_WORDS: Readonly<Record<LandmarkChoice, string>> = {
  none: 'left out by choice',
  '68': '68 iBUG points as flat x, y, z; z in the same scale, negative towards the camera',
  '468': '468 FaceMesh points as flat x, y, z; z in the same scale, negative towards the camera',
};

function jsonInsight({ fused, ...rest }: Insight): Insight {
  return { ...rest, fused: fused && { ...fused, probability: probability(rounded(fused.probability, 6)) } };
}

/**
 * `<base>.records.jsonl` and `<base>.episodes.jsonl`: every record and every episode, one JSON object a line; with
 * `insights` also `<base>.insights.jsonl`.
 */
export async function createJsonlSink(
  target: SinkTarget,
  options: {
    readonly landmarks: LandmarkChoice;
    readonly actionUnits: readonly string[];
    readonly insights?: boolean;
  },
): Promise<FileSink> {
  const units = options.actionUnits.length > 0;
  const endings = ['.records.jsonl', '.episodes.jsonl', ...(options.insights ? ['.insights.jsonl'] : [])];
  const [records, episodes, insights] = (await openLineFiles(target, endings)) as [LineFile, LineFile, LineFile?];
  return {
    name: 'jsonl',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${recordLine(record, options.landmarks)}\n`;
      return records.write(lines);
    },
    episode: (episode) => episodes.write(`${JSON.stringify(jsonEpisode(episode))}\n`),
    insight: (insight) => insights?.write(`${JSON.stringify(jsonInsight(insight))}\n`),
    async flush() {
      for (const file of [records, episodes, ...(insights ? [insights] : [])]) await file.flush();
    },
    close: () => closeAll([records, episodes, ...(insights ? [insights] : [])]),
    files: () => [
      {
        path: records.path,
        format: 'JSON Lines, FaceRecord',
        contents: {
          ...recordNotes(units),
          landmarks: LANDMARK_WORDS[options.landmarks],
        },
        empty: {
          ...(units ? {} : { actionUnits: 'no action unit model in this version' }),
          wallTime: 'recorded files have media time only',
        },
      },
      {
        path: episodes.path,
        format: 'JSON Lines, Episode',
        contents: {
          'onsetUs, apexUs, offsetUs': 'microseconds of media time',
          'peak, mean': `highest and time-weighted mean smoothed value, 0..1${units ? '; of an action unit, intensity / 5' : ''}`,
          confidence: `mean smoothed probability of the label, 0..1${units ? '; of an action unit, of its presence' : ''}`,
        },
      },
      ...(insights ? [insightFile(insights.path)] : []),
    ],
  };
}

/** What a manifest says of the insights. */
function insightFile(path: string): FileDescription {
  return {
    path,
    format: 'JSON Lines, Insight',
    contents: {
      ptsUs: 'microseconds of media time of the frame that was asked about',
      'emotion, secondEmotion, degree, compound, claimedActionUnits, description, reasoning':
        'what a multimodal language model said: claims, not measurements',
      toldActionUnits: 'units whose measurement was in the question: claiming them is no agreement',
      check:
        'claimed action units against those measured at that frame: agreed, contradicted, or why it cannot be checked (told, unclear, covered, notMeasured); omitted: clear, but not claimed',
      agreesWithMeasured:
        'whether emotion is the measured one; null where either is missing or the measurement is too close to call',
      fused:
        'measured emotion of that frame with the insight weighed in at `weight`; records and episodes are without it',
      latencyMs: 'milliseconds from the choice of the frame to the answer; differs between runs',
    },
  };
}
