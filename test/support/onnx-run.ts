import * as ort from 'onnxruntime-node';
import { encodeOnnx, type OnnxModel } from '../../models/convert/onnx-proto.js';
import { CropCutter, cropInputOf } from '../../src/models/cut-crops.js';

/** A picture of bytes, row by row. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** Runs a graph on crops out of a picture; `matrices` are rows of six numbers, `landmarks` [faces, 468, 3]. */
export async function runOnPicture(
  model: OnnxModel,
  picture: Picture,
  matrices: readonly (readonly number[])[],
  more: { readonly landmarks?: Float32Array } = {},
): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(encodeOnnx(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const crops = cropInputOf(session.inputMetadata)!;
  const inputs = new CropCutter(crops).replace({
    luma: { dtype: 'uint8', data: picture.data, shape: [picture.heightPx, picture.widthPx] },
    matrices: { dtype: 'float32', data: Float32Array.from(matrices.flat()), shape: [matrices.length, 2, 3] },
  });
  const { data, shape } = inputs[crops.name]!;
  const feeds: Record<string, ort.Tensor> = { [crops.name]: new ort.Tensor('float32', data, shape) };
  if (more.landmarks) feeds.landmarks = new ort.Tensor('float32', more.landmarks, [matrices.length, 468, 3]);
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, value]) => [name, Float32Array.from(value.data as Float32Array)]),
  );
}
