import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AffectError } from '../domain/errors.js';
import { micros } from '../domain/units.js';
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
  const input = createReadStream(path, 'utf8');
  let faces: RecordedFace[] = [];
  let line = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      if (text.trim() === '') continue;
      const face = parseFace(text);
      if (face === null) throw damaged(path, line);
      const [first] = faces;
      if (first && (first.source !== face.source || first.frame !== face.frame)) {
        yield frameOf(faces, options);
        faces = [];
      }
      faces.push(face);
    }
  } catch (error) {
    if (error instanceof AffectError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AffectError(
      'INPUT_NOT_FOUND',
      `${path} cannot be read (${code}); name a file such as NAME.records.jsonl`,
    );
  } finally {
    input.destroy();
  }
  if (faces.length > 0) yield frameOf(faces, options);
}

const damaged = (path: string, line: number): AffectError =>
  new AffectError(
    'INPUT_DAMAGED',
    `${path}:${line} is no record; expected a line of NAME.records.jsonl as mien analyze writes it`,
  );

/** Null for a line that is no record. */
function parseFace(text: string): RecordedFace | null {
  try {
    const face = JSON.parse(text) as Partial<RecordedFace> | null;
    const isRecord =
      typeof face?.source === 'string' &&
      Number.isSafeInteger(face.frame) &&
      Number.isSafeInteger(face.ptsUs) &&
      'track' in face &&
      'label' in face;
    return isRecord ? (face as RecordedFace) : null;
  } catch {
    return null; // The caller names the line.
  }
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
