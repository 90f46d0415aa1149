import { EMOTIONS, type Staged } from '../domain/affect.js';
import type { FaceRecord } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { IBUG_68 } from './landmarks-68.js';
import { openLineFile } from './line-file.js';
import { rounded } from './number-text.js';

/** Which landmarks the records file carries. */
export type LandmarkChoice = 'none' | '68' | '468';

function staged<T>(value: Staged<T>, map: (part: T) => unknown): Staged<unknown> {
  return {
    raw: map(value.raw),
    baselined: value.baselined === null ? null : map(value.baselined),
    smoothed: map(value.smoothed),
  };
}

/** Landmarks as flat x, y, z, pixels to two decimals. */
function landmarksOf(record: FaceRecord, choice: LandmarkChoice): number[] | null {
  const { mesh } = record;
  if (!mesh) return null;
  if (choice === '468') return Array.from(mesh, (value) => rounded(value, 2));
  return IBUG_68.flatMap((vertex) => [0, 1, 2].map((axis) => rounded(mesh[vertex * 3 + axis]!, 2)));
}

/** A record as its JSON line says it: numbers rounded to what they are good for, emotions by name. */
export function jsonRecord(record: FaceRecord, landmarks: LandmarkChoice): Record<string, unknown> {
  const { mesh: _, box, pose, quality, eyes, emotions, valenceArousal, confidence, detectionScore, ...rest } = record;
  const round = (value: number | null, digits: number): number | null =>
    value === null ? null : rounded(value, digits);
  return {
    ...rest,
    box: box && { space: box.space, ...mapNumbers(box, ['left', 'top', 'right', 'bottom'], 2) },
    detectionScore: round(detectionScore, 4),
    ...(landmarks === 'none' ? {} : { landmarks: landmarksOf(record, landmarks) }),
    pose: pose && {
      ...mapNumbers(pose, ['yaw', 'pitch', 'roll'], 5),
      translationMm: mapNumbers(pose.translationMm, ['x', 'y', 'z'], 1),
    },
    eyes: eyes && mapNumbers(eyes, ['left', 'right'], 4),
    quality: quality && {
      ...mapNumbers(quality, ['interocularPx', 'presence', 'insideFrame'], 4),
      sharpness: round(quality.sharpness, 4),
    },
    emotions:
      emotions &&
      staged(emotions, (distribution) =>
        Object.fromEntries(EMOTIONS.map((emotion, index) => [emotion, rounded(distribution[index]!, 6)])),
      ),
    valenceArousal: valenceArousal && staged(valenceArousal, (point) => mapNumbers(point, ['valence', 'arousal'], 6)),
    confidence: round(confidence, 6),
  };
}

function mapNumbers<T, K extends keyof T & string>(
  value: T,
  keys: readonly K[],
  digits: number,
): Record<string, number> {
  return Object.fromEntries(keys.map((key) => [key, rounded(value[key] as number, digits)]));
}

/** `<base>.records.jsonl` and `<base>.episodes.jsonl`: every record and every episode, one JSON object a line. */
export async function createJsonlSink(
  base: string,
  options: { readonly landmarks: LandmarkChoice },
): Promise<FileSink> {
  const records = await openLineFile(`${base}.records.jsonl`);
  const episodes = await openLineFile(`${base}.episodes.jsonl`);
  return {
    name: 'jsonl',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${JSON.stringify(jsonRecord(record, options.landmarks))}\n`;
      return records.write(lines);
    },
    episode: (episode) =>
      episodes.write(`${JSON.stringify({ ...episode, ...mapNumbers(episode, ['peak', 'mean', 'confidence'], 6) })}\n`),
    async close() {
      await records.close();
      await episodes.close();
    },
    files: () => [
      {
        path: records.path,
        format: 'JSON Lines, FaceRecord',
        contents: {
          ptsUs: 'microseconds of media time',
          landmarks: options.landmarks === 'none' ? 'left out' : `${options.landmarks} points, x y z, pixels`,
          missing: 'reason for each null',
        },
      },
      { path: episodes.path, format: 'JSON Lines, Episode', contents: { onsetUs: 'microseconds of media time' } },
    ],
  };
}
