import { micros } from '../domain/units.js';
import { readJsonLines } from '../record/json-lines.js';
import type { RuleFace } from './measure-faces.js';
import type { RuleFrame } from './rule-at-camera.js';

/** What is read of a line of records.jsonl. */
type RecordedFace = RuleFace & {
  readonly source: string;
  readonly frame: number;
  readonly ptsUs: number;
  readonly wallTime: string | null;
};

interface ReadOptions {
  /** Camera that the recording is taken for; undefined: the one it names. */
  readonly camera?: string | undefined;
  /** Date.now() scale of media time 0, where lines have no wall time; null: unknown. */
  readonly startMs: number | null;
}

/**
 * The frames of a recording, in order: lines of records.jsonl of one frame belong together. Memory is bounded.
 * Throws INPUT_NOT_FOUND, and INPUT_DAMAGED with the line, after the frames before it.
 */
export async function* readRecording(path: string, options: ReadOptions): AsyncGenerator<RuleFrame> {
  let faces: RecordedFace[] = [];
  for await (const face of readJsonLines(path, RECORD_LINES)) {
    const [first] = faces;
    if (first && (first.source !== face.source || first.frame !== face.frame)) {
      yield frameOf(faces, options);
      faces = [];
    }
    faces.push(face);
  }
  if (faces.length > 0) yield frameOf(faces, options);
}

const RECORD_LINES = {
  parse: recordedFace,
  refusal: 'is no record; expected a line of NAME.records.jsonl as mien analyze writes it',
  fix: 'name a file such as NAME.records.jsonl',
};

function recordedFace(value: unknown): RecordedFace | null {
  const face = value as Partial<RecordedFace> | null;
  const isRecord =
    typeof face?.source === 'string' &&
    Number.isSafeInteger(face.frame) &&
    Number.isSafeInteger(face.ptsUs) &&
    'track' in face &&
    'label' in face;
  return isRecord ? (face as RecordedFace) : null;
}

function frameOf(faces: readonly RecordedFace[], { camera, startMs }: ReadOptions): RuleFrame {
  const { source, ptsUs, wallTime } = faces[0]!;
  const told = wallTime === null ? Number.NaN : Date.parse(wallTime);
  const reckoned = startMs === null ? null : startMs + ptsUs / 1000;
  return {
    source: camera ?? source,
    ptsUs: micros(ptsUs),
    wallTimeMs: Number.isNaN(told) ? reckoned : told,
    faces,
  };
}
