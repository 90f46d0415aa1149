import { AffectError } from '../domain/errors.js';
import type { Problems } from '../eval/benchmarks/annotation-file.js';
import { safeImagePath } from '../eval/benchmarks/image-path.js';
import { evenSample } from '../eval/benchmarks/sample.js';
import { draw } from './draw.js';
import type { LabelledFace } from './face.js';
import type { Source } from './source.js';

/** Which faces of a set are taken. */
export interface Sampling {
  readonly source: Source;
  /** Share of each recording's frames, evenly spread; of sets without recordings, of the pictures, drawn. Null: all. */
  readonly sample: number | null;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** The faces of a source that the sample takes, with the paths that stay inside the folder of images. */
export async function* facesOf(
  { source, sample, seed, signal }: Sampling,
  problems: Problems,
  onSeen: (faces: number) => void,
): AsyncGenerator<LabelledFace> {
  for await (const { kind, faces } of source.faces(problems)) {
    if (signal.aborted) throw new AffectError('INTERRUPTED', 'stopped; nothing was written');
    onSeen(faces.length);
    const taken =
      sample === null
        ? faces
        : kind === 'recording'
          ? evenSample(faces, Math.max(1, Math.round(faces.length * sample)))
          : faces.filter(({ image }) => draw(seed, `sample\n${image}`) < sample);
    for (const face of taken) {
      const image = safeImagePath(face.image);
      if (image === null) problems.add(face.where, `"${face.image}" leaves the folder of images`);
      else yield { ...face, image };
    }
  }
}
