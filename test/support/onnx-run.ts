import * as ort from 'onnxruntime-node';
import { encodeOnnx, type OnnxModel } from '../../models/convert/onnx-proto.js';

/** A picture of bytes, row by row. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** Runs a graph that cuts crops out of a picture; `matrices` are rows of six numbers, `landmarks` [faces, 468, 3]. */
export async function runOnPicture(
  model: OnnxModel,
  picture: Picture,
  matrices: readonly (readonly number[])[],
  more: { readonly landmarks?: Float32Array } = {},
): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(encodeOnnx(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds: Record<string, ort.Tensor> = {
    luma: new ort.Tensor('uint8', picture.data, [picture.heightPx, picture.widthPx]),
    matrices: new ort.Tensor('float32', Float32Array.from(matrices.flat()), [matrices.length, 2, 3]),
  };
  if (more.landmarks) feeds.landmarks = new ort.Tensor('float32', more.landmarks, [matrices.length, 468, 3]);
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, value]) => [name, Float32Array.from(value.data as Float32Array)]),
  );
}
