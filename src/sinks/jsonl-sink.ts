import { type ActionUnitReading, EMOTIONS, type EmotionDistribution, type Staged } from '../domain/affect.js';
import { MESH_POINTS, type MeshPoints } from '../domain/face.js';
import type { Insight } from '../domain/insight.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import { probability } from '../domain/units.js';
import type { FileDescription, FileSink } from './file-sink.js';
import { IBUG_68 } from './landmarks-68.js';
import { closeAll, type LineFile, openLineFiles } from './line-file.js';
import { compact, rounded } from './number-text.js';
import type { SinkTarget } from './output-file.js';

/** Which landmarks the records file carries. */
export type LandmarkChoice = 'none' | '68' | '468';

const LANDMARK_WORDS: Readonly<Record<LandmarkChoice, string>> = {
  none: 'left out by choice',
  '68': '68 iBUG points as flat x, y, z; z in the same scale, negative towards the camera',
  '468': '468 FaceMesh points as flat x, y, z; z in the same scale, negative towards the camera',
};

function staged<T>(value: Staged<T>, map: (part: T) => unknown): Staged<unknown> {
  return {
    raw: map(value.raw),
    baselined: value.baselined === null ? null : map(value.baselined),
    smoothed: map(value.smoothed),
  };
}

function byEmotion(distribution: EmotionDistribution): Record<string, number> {
  const shares: Record<string, number> = {};
  for (let index = 0; index < EMOTIONS.length; index++) shares[EMOTIONS[index]!] = rounded(distribution[index]!, 6);
  return shares;
}

function roundedUnits(readings: Readonly<Record<string, ActionUnitReading>>): Record<string, ActionUnitReading> {
  const round = (value: Staged<number> | null, digits: number): Staged<number> | null =>
    value && (staged(value, (part) => rounded(part, digits)) as Staged<number>);
  return Object.fromEntries(
    Object.entries(readings).map(([key, { presence, intensity, active }]) => [
      key,
      { presence: round(presence, 6), intensity: round(intensity, 4), active },
    ]),
  );
}

/** JSON array of x, y, z of each point, pixels to two decimals. */
function landmarksJson(mesh: MeshPoints, choice: '68' | '468'): string {
  let text = '';
  const add = (vertex: number): void => {
    for (let at = vertex * 3; at < vertex * 3 + 3; at++) {
      // Nothing that is not finite may break the line.
      text += `${text === '' ? '' : ','}${compact(mesh[at], 2) || 'null'}`;
    }
  };
  if (choice === '68') for (const vertex of IBUG_68) add(vertex);
  else for (let vertex = 0; vertex < MESH_POINTS; vertex++) add(vertex);
  return `[${text}]`;
}

/** A record as its JSON line says it, but for landmarks: numbers rounded to what they are good for, emotions by name. */
function fieldsOf(record: FaceRecord): Record<string, unknown> {
  const { mesh: _, box, pose, quality, eyes, emotions, valenceArousal, confidence, detectionScore, ...rest } = record;
  const round = (value: number | null, digits: number): number | null =>
    value === null ? null : rounded(value, digits);
  return {
    ...rest,
    box: box && { space: box.space, ...mapNumbers(box, ['left', 'top', 'right', 'bottom'], 2) },
    detectionScore: round(detectionScore, 4),
    pose: pose && {
      ...mapNumbers(pose, ['yaw', 'pitch', 'roll'], 5),
      translationMm: mapNumbers(pose.translationMm, ['x', 'y', 'z'], 1),
    },
    eyes: eyes && mapNumbers(eyes, ['left', 'right'], 4),
    quality: quality && {
      ...mapNumbers(quality, ['interocularPx', 'presence', 'insideFrame'], 4),
      sharpness: round(quality.sharpness, 4),
    },
    emotions: emotions && staged(emotions, byEmotion),
    valenceArousal: valenceArousal && staged(valenceArousal, (point) => mapNumbers(point, ['valence', 'arousal'], 6)),
    confidence: round(confidence, 6),
    ...(rest.mllmWeight === undefined ? {} : { mllmWeight: rounded(rest.mllmWeight, 4) }),
    actionUnits: rest.actionUnits && roundedUnits(rest.actionUnits),
  };
}

/** The JSON line of a record, without its line end. Landmarks come last: lines stay readable. */
export function recordLine(record: FaceRecord, landmarks: LandmarkChoice): string {
  const fields = JSON.stringify(fieldsOf(record));
  if (landmarks === 'none') return fields;
  const points = record.mesh === null ? 'null' : landmarksJson(record.mesh, landmarks);
  return `${fields.slice(0, -1)},"landmarks":${points}}`;
}

function mapNumbers<T, K extends keyof T & string>(
  value: T,
  keys: readonly K[],
  digits: number,
): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const key of keys) numbers[key] = rounded(value[key] as number, digits);
  return numbers;
}

/** An episode as its JSON line says it. */
export function jsonEpisode(episode: Episode): Record<string, unknown> {
  return { ...episode, ...mapNumbers(episode, ['peak', 'mean', 'confidence'], 6) };
}

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
    close: () => closeAll([records, episodes, ...(insights ? [insights] : [])]),
    files: () => [
      {
        path: records.path,
        format: 'JSON Lines, FaceRecord',
        contents: {
          ptsUs: 'microseconds of media time',
          'emotions, valenceArousal': 'raw, baselined and smoothed; probabilities 0..1, valence and arousal -1..1',
          'pose.yaw, pose.pitch, pose.roll': 'radians, signs as in conventions',
          'pose.translationMm': 'millimetres, camera axes x right, y down, z away; assumed focal length',
          'box, landmarks': 'pixels of the working frame',
          landmarks: LANDMARK_WORDS[options.landmarks],
          ...(units
            ? {
                actionUnits:
                  'by FACS number; presence: probability 0..1, raw and smoothed (never baselined); intensity: strength ' +
                  '0..5, raw, baselined and smoothed; active: held by both together',
              }
            : {}),
          missing: 'reason for each null',
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
      'emotion, compound, claimedActionUnits, description, reasoning':
        'what a multimodal language model said: claims, not measurements',
      check: 'claimed action units against those measured at that frame',
      agreesWithMeasured: 'whether emotion is the measured label; null where either is missing',
      fused:
        'measured emotion of that frame with the insight weighed in at `weight`; records and episodes are without it',
      latencyMs: 'milliseconds from the choice of the frame to the answer; differs between runs',
    },
  };
}
