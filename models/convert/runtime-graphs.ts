import { convertTflite } from './convert-tflite.js';
import { OnnxBuilder } from './onnx-builder.js';
import type { OnnxModel } from './onnx-proto.js';
import { addSampler } from './sampler.js';
import type { TfliteModel } from './tflite.js';

/**
 * BlazeFace on views of a frame. Outputs `boxes` float32 [faces, anchors, 16] in input pixels relative to the
 * anchors, `scores` float32 [faces, anchors] logits; anchors of the finer layer first.
 */
export function detectorGraph(model: TfliteModel): OnnxModel {
  const builder = new OnnxBuilder();
  const sizePx = model.tensors[model.inputs[0]!]!.shape[1]!;
  const crops = addSampler(builder, { sizePx, oversampling: 1, outside: 'zeros' });
  const scaled = builder.node('Mul', [crops, builder.floats([1 / 127.5], [1])]);
  const image = builder.node('Sub', [scaled, builder.floats([1], [1])]);
  const outputs = convertTflite(model, builder, image);
  for (const [index, tensor] of model.outputs.entries()) {
    const [, anchors, values] = model.tensors[tensor]!.shape as [number, number, number];
    if (values === 16) builder.output(outputs[index]!, 'boxes', 'float32', ['faces', anchors, 16]);
    else
      builder.output(builder.node('Squeeze', [outputs[index]!, builder.ints([2])]), 'scores', 'float32', [
        'faces',
        anchors,
      ]);
  }
  return builder.build('blazeface');
}

/**
 * FaceMesh on crops of a frame. Outputs `landmarks` float32 [faces, 468, 3] in crop unit coordinates (z in the same
 * scale), `presence` float32 [faces] logits.
 */
export function meshGraph(model: TfliteModel): OnnxModel {
  const builder = new OnnxBuilder();
  const sizePx = model.tensors[model.inputs[0]!]!.shape[1]!;
  const crops = addSampler(builder, { sizePx, oversampling: 1, outside: 'border' });
  const image = builder.node('Mul', [crops, builder.floats([1 / 255], [1])]);
  const outputs = convertTflite(model, builder, image);
  for (const [index, tensor] of model.outputs.entries()) {
    const values = model.tensors[tensor]!.shape.reduce((product, size) => product * size, 1);
    if (values === 468 * 3) {
      const points = builder.node('Reshape', [outputs[index]!, builder.ints([-1, 468, 3])]);
      const unit = builder.node('Mul', [points, builder.floats([1 / sizePx], [1])]);
      builder.output(unit, 'landmarks', 'float32', ['faces', 468, 3]);
    } else {
      builder.output(builder.node('Reshape', [outputs[index]!, builder.ints([-1])]), 'presence', 'float32', ['faces']);
    }
  }
  return builder.build('face-mesh');
}

/** Samples per axis of an affect crop, at most three a pixel: faces of up to about 400 px shrink without aliasing. */
const AFFECT_SAMPLES = 144;
/** Samples per pixel and axis of an affect crop. */
const affectOversampling = (sizePx: number): number => Math.max(1, Math.min(3, Math.round(AFFECT_SAMPLES / sizePx)));
/** Side of the crop that sharpness is measured on, pixels: limits on sharpness hold for networks of every size. */
const SHARPNESS_PX = 48;

/**
 * mien-affect on aligned crops of a frame. Passes the trained network's own outputs through and adds `sharpness`
 * float32 [faces]: root mean square of the Laplacian of the crop, shrunk to 48 px, over its contrast, 0 flat .. 1 crisp,
 * before rounding to bytes. A network that also takes `landmarks` gets them from an input of that name, float32 [faces, 468, 3]: the face
 * mesh in crop unit coordinates.
 */
export function affectGraph(trained: OnnxModel): OnnxModel {
  const builder = new OnnxBuilder();
  const { input: inputs } = trained.graph;
  const takesLandmarks = inputs.some(({ name }) => name === 'landmarks');
  const picture = inputs.find(({ name }) => name !== 'landmarks')!;
  const sizePx = picture.type.tensorType.shape.dim[2]!.dimValue!;
  const crops = addSampler(builder, { sizePx, oversampling: affectOversampling(sizePx), outside: 'border' });
  const bytes = builder.node('Cast', [builder.node('Round', [builder.node('Squeeze', [crops, builder.ints([1])])])], {
    to: 2,
  });
  const mesh: Record<string, string> = takesLandmarks
    ? { landmarks: builder.input('landmarks', 'float32', ['faces', 468, 3]) }
    : {};
  const outputs = builder.inline(trained, 'affect', { [picture.name]: bytes, ...mesh });
  for (const output of trained.graph.output) {
    const dims = output.type.tensorType.shape.dim.slice(1).map((dim) => dim.dimValue!);
    builder.output(outputs[output.name]!, output.name, 'float32', ['faces', ...dims]);
  }
  builder.output(addSharpness(builder, shrunk(builder, crops, sizePx, SHARPNESS_PX)), 'sharpness', 'float32', [
    'faces',
  ]);
  return builder.build('mien-affect');
}

/** Samples per pixel and axis for visibility: large shapes matter, not detail. */
const VISIBILITY_OVERSAMPLING = 2;

/** mien-occlusion on aligned crops of a frame: output `visibility` float32 [faces, parts], 0..1. */
export function occlusionGraph(trained: OnnxModel): OnnxModel {
  const builder = new OnnxBuilder();
  const [picture] = trained.graph.input;
  const [output] = trained.graph.output;
  const sizePx = picture!.type.tensorType.shape.dim[2]!.dimValue!;
  const crops = addSampler(builder, { sizePx, oversampling: VISIBILITY_OVERSAMPLING, outside: 'border' });
  const rounded = builder.node('Round', [builder.node('Squeeze', [crops, builder.ints([1])])]);
  const bytes = builder.node('Cast', [rounded], { to: 2 });
  const outputs = builder.inline(trained, 'occlusion', { [picture!.name]: bytes });
  const parts = output!.type.tensorType.shape.dim[1]!.dimValue!;
  builder.output(outputs[output!.name]!, 'visibility', 'float32', ['faces', parts]);
  return builder.build('mien-occlusion');
}

/** Crops [faces, 1, from, from] as the means of `to` × `to` equal squares, perhaps turned over; smaller ones stay as they are. */
function shrunk(builder: OnnxBuilder, crops: string, fromPx: number, toPx: number): string {
  if (fromPx <= toPx) return crops;
  const times = fromPx / toPx;
  if (Number.isInteger(times))
    return builder.node('AveragePool', [crops], { kernel_shape: [times, times], strides: [times, times] });
  const shares = overlaps(fromPx, toPx);
  const across = builder.node('MatMul', [crops, builder.floats(shares, [fromPx, toPx])]);
  const down = builder.node('Transpose', [across], { perm: [0, 1, 3, 2] });
  return builder.node('MatMul', [down, builder.floats(shares, [fromPx, toPx])]);
}

/** Row-major [from, to]: the share of pixel `row` in the mean of each of `to` equal parts of the line. */
function overlaps(from: number, to: number): Float32Array {
  const part = from / to;
  return Float32Array.from({ length: from * to }, (_, at) => {
    const [pixel, start] = [Math.floor(at / to), (at % to) * part];
    return Math.max(0, Math.min(pixel + 1, start + part) - Math.max(pixel, start)) / part;
  });
}

/** Gray levels added to the contrast, so that noise on a flat crop does not count as detail. */
const CONTRAST_FLOOR = 8;

function addSharpness(builder: OnnxBuilder, crops: string): string {
  const kernel = builder.floats([0, 1, 0, 1, -4, 1, 0, 1, 0], [1, 1, 3, 3]);
  const laplacian = builder.node('Conv', [crops, kernel], { kernel_shape: [3, 3] });
  const energy = builder.node('ReduceMean', [builder.node('Mul', [laplacian, laplacian])], {
    axes: [1, 2, 3],
    keepdims: 0,
  });
  const mean = builder.node('ReduceMean', [crops], { axes: [1, 2, 3], keepdims: 1 });
  const centred = builder.node('Sub', [crops, mean]);
  const variance = builder.node('ReduceMean', [builder.node('Mul', [centred, centred])], {
    axes: [1, 2, 3],
    keepdims: 0,
  });
  const contrast = builder.node('Add', [builder.node('Sqrt', [variance]), builder.floats([CONTRAST_FLOOR], [1])]);
  const ratio = builder.node('Div', [builder.node('Sqrt', [energy]), contrast]);
  return builder.node('Clip', [ratio, builder.floats([0], []), builder.floats([1], [])]);
}
