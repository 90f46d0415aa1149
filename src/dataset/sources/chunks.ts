import { AffectError } from '../../domain/errors.js';
import type { Problems } from '../../eval/benchmarks/annotation-file.js';
import type { LabelledFace } from '../face.js';
import type { Batch } from '../source.js';

/** Pictures of a list that are handed on together. */
const CHUNK = 1000;

/** Pictures of a list, some at a time. */
export async function* pictures(faces: AsyncIterable<LabelledFace> | Iterable<LabelledFace>): AsyncGenerator<Batch> {
  let chunk: LabelledFace[] = [];
  for await (const face of faces) {
    chunk.push(face);
    if (chunk.length < CHUNK) continue;
    yield { kind: 'pictures', faces: chunk };
    chunk = [];
  }
  if (chunk.length > 0) yield { kind: 'pictures', faces: chunk };
}

/** Reads one of several files: what is wrong with it is a problem among others. Rejects with what is no fault of the file. */
export async function readOr<T>(problems: Problems, instead: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AffectError)) throw error;
    const [where, ...why] = error.message.split(': ');
    problems.add(where!, why.join(': ') || 'it cannot be read');
    return instead;
  }
}
