import { toObject } from 'flatbuffers/mjs/flexbuffers.js';
import { convertTensors } from './convert-tflite.js';
import { OnnxBuilder } from './onnx-builder.js';
import type { OnnxModel } from './onnx-proto.js';
import { PairedBranches } from './paired-branches.js';
import { addSampler } from './sampler.js';
import { operatorsBetween, type TfliteModel, type TfliteOperator } from './tflite.js';

/** The strip that is looked at, pixels of the network's input: both eyes with their brows, of a face of 128 pixels. */
export const EYE_STRIP = { widthPx: 160, heightPx: 96 } as const;

/** How the network cuts one eye out of its features: options of `Landmarks2TransformMatrix`, version 2. */
interface EyeCut {
  readonly left_rotation_idx: number;
  readonly right_rotation_idx: number;
  /** Null where it is 0, a float of one byte that the reader of FlexBuffers does not know. */
  readonly target_rotation_radians: number | null;
  readonly output_width: number;
  readonly output_height: number;
  readonly scale_x: number;
  readonly scale_y: number;
  readonly subset_idxs: readonly number[];
}

/** One eye of the attention network: from the cut to the points. */
interface EyeBranch {
  readonly cut: EyeCut;
  /** The features it is cut out of, and what is cut. */
  readonly features: number;
  readonly cutOut: number;
  /** Convolutions that give the eye's 71 points and the iris's 5, in pixels of a crop of `cut`. */
  readonly contour: number;
  readonly iris: number;
}

/** Input pixels per feature, each way. */
const FEATURE_STEP = 4;

/** The two eyes: of the image's left (the subject's right), then of the image's right. */
function eyeBranches(model: TfliteModel): readonly [EyeBranch, EyeBranch] {
  const maker = (tensor: number): TfliteOperator => {
    const found = model.operators.find(({ outputs }) => outputs.includes(tensor));
    if (!found) throw new RangeError(`nothing computes tensor ${tensor}`);
    return found;
  };
  const source = (name: string): { readonly points: number; readonly matrix: number } => {
    const output = model.outputs.find((index) => model.tensors[index]!.name === name);
    if (output === undefined) throw new RangeError(`the network has no output ${name}`);
    const moved = maker(maker(output).inputs[0]!);
    return { points: maker(moved.inputs[0]!).inputs[0]!, matrix: maker(moved.inputs[1]!).inputs[0]! };
  };
  const branch = (side: string): EyeBranch => {
    const { points: iris, matrix } = source(`output_${side}_iris`);
    const { points: contour } = source(`output_${side}_eye`);
    const cutter = model.operators.find(
      ({ custom, inputs }) => custom === 'TransformTensorBilinear' && inputs[1] === matrix,
    );
    const { customOptions } = maker(matrix);
    if (!cutter || !customOptions) throw new RangeError(`the network does not cut out the ${side} eye`);
    const cut = toObject(Uint8Array.from(customOptions).buffer) as EyeCut;
    return { cut, features: cutter.inputs[0]!, cutOut: cutter.outputs[0]!, contour, iris };
  };
  return [branch('left'), branch('right')];
}

/**
 * The refined eyes of FaceMesh with attention, without the rest of it: the first layers on a strip of the frame around the
 * eyes, and the branches of both eyes. Inputs: the strip, and `landmarks` float32 [faces, 468, 3], a face mesh in strip unit
 * coordinates, which says where the eyes are. Outputs, in strip unit coordinates, the subject's right eye first: `irises`
 * float32 [faces, 2, 5, 2] (centre, then four points of its edge), `eyes` float32 [faces, 2, 71, 2] (contour, lids and brow) and
 * `looks` float32 [faces, 2, values], what `looks` makes of the picture of each eye.
 *
 * @param looks - a network of ours: `patches` float32 [eyes, 1, 24, 36], level, x towards the nose, mean 0, to `looks` [eyes, values]
 */
export function eyeGraph(model: TfliteModel, looks: OnnxModel): OnnxModel {
  const builder = new OnnxBuilder();
  const { widthPx, heightPx } = EYE_STRIP;
  const strip = addSampler(builder, { sizePx: widthPx, heightPx, oversampling: 1, outside: 'border' });
  const landmarks = builder.input('landmarks', 'float32', ['faces', 468, 3]);
  const image = builder.node('Mul', [strip, builder.floats([1 / 255], [1])]);
  const branches = eyeBranches(model);
  const [right, left] = branches;
  const [features] = convertTensors(model, builder, image, [right.features]);
  const flat = builder.node('Slice', [landmarks, builder.ints([0]), builder.ints([2]), builder.ints([2])]);
  const toFeatures = builder.floats([widthPx / FEATURE_STEP, heightPx / FEATURE_STEP], [2]);
  const mesh = builder.node('Mul', [flat, toFeatures]);
  const cuts = branches.map(({ cut }) => addCut(builder, mesh, cut));
  const pair = new PairedBranches(model, builder, right.cutOut, cutOut(builder, features!, cuts, right.cut));
  const tensors = ({ contour, iris }: EyeBranch): number[] => [contour, iris];
  const operators = branches.map((branch) => operatorsBetween(model, [branch.cutOut], tensors(branch)));
  pair.convert(operators[0]!, operators[1]!);
  for (const [name, tensor, points] of [
    ['irises', right.iris, 5],
    ['eyes', right.contour, 71],
  ] as const) {
    // The network's numbers are pixels of the crop it was cut to, of FEATURE_STEP the resolution of the features.
    const local = builder.node('Mul', [
      builder.node('Reshape', [pair.value(tensor), builder.ints([-1, 2, points, 2])]),
      builder.floats([1 / FEATURE_STEP], [1]),
    ]);
    const placed = builder.node('Div', [place(builder, local, cuts), toFeatures]);
    builder.output(placed, name, 'float32', ['faces', 2, points, 2]);
  }
  addLooks(builder, strip, flat, looks);
  if (left.features !== right.features) throw new RangeError('the eyes are cut out of different features');
  return builder.build('eye-mesh');
}

/** The picture of an eye that gaze is read from, pixels of the strip. */
const PATCH = { widthPx: 36, heightPx: 24 } as const;
/** FaceMesh vertices of the eyes' corners, outer and inner: the right one's, then the left one's. */
const CORNERS = [
  [33, 133],
  [263, 362],
] as const;
/** Gray levels added to the deviation that a picture is divided by, so that noise in the dark does not count as contrast. */
const CONTRAST_FLOOR = 6;

/** Adds the output `looks`: the strip around the middle between each eye's corners, a left eye mirrored, and what a network makes of it. */
function addLooks(builder: OnnxBuilder, strip: string, mesh: string, looks: OnnxModel): void {
  const { widthPx, heightPx } = PATCH;
  // Places in GridSample's -1..1.
  const toUnit = builder.floats([2], [1]);
  const parts = CORNERS.map((corners, side) => {
    const middle = builder.node('ReduceMean', [builder.node('Gather', [mesh, builder.ints(corners)], { axis: 1 })], {
      axes: [1],
      keepdims: 1,
    });
    const around = Array.from({ length: widthPx * heightPx }, (_, at) => [
      (((at % widthPx) + 0.5 - widthPx / 2) * (side === 1 ? -2 : 2)) / EYE_STRIP.widthPx,
      ((Math.floor(at / widthPx) + 0.5 - heightPx / 2) * 2) / EYE_STRIP.heightPx,
    ]);
    const centre = builder.node('Sub', [builder.node('Mul', [middle, toUnit]), builder.floats([1], [1])]);
    return builder.node('Add', [builder.floats(around.flat(), [1, widthPx * heightPx, 2]), centre]);
  });
  const both = builder.node('Concat', parts, { axis: 1 });
  const grid = builder.node('Reshape', [both, builder.ints([-1, 2 * heightPx, widthPx, 2])]);
  const sampled = builder.node('GridSample', [strip, grid], {
    mode: 'bilinear',
    padding_mode: 'border',
    align_corners: 0,
  });
  const eyes = builder.node('Reshape', [sampled, builder.ints([-1, 1, heightPx, widthPx])]);
  const over = { axes: [1, 2, 3], keepdims: 1 };
  const centred = builder.node('Sub', [eyes, builder.node('ReduceMean', [eyes], over)]);
  const variance = builder.node('ReduceMean', [builder.node('Mul', [centred, centred])], over);
  const deviation = builder.node('Add', [builder.node('Sqrt', [variance]), builder.floats([CONTRAST_FLOOR], [1])]);
  const seen = builder.inline(looks, 'looks', { patches: builder.node('Div', [centred, deviation]) });
  const values = looks.graph.output[0]!.type.tensorType.shape.dim[1]!.dimValue!;
  const placed = builder.node('Reshape', [seen.looks!, builder.ints([-1, CORNERS.length, values])]);
  builder.output(placed, 'looks', 'float32', ['faces', CORNERS.length, values]);
}

/** Where an eye is cut out: `matrix` [n, 2, 2] and `shift` [n, 1, 2], crop to features: x · matrix + shift. */
interface Cut {
  readonly matrix: string;
  readonly shift: string;
}

/** As LandmarksToTransformMatrixV2: a box around the eye's points, level with its corners, `scale` times as large. */
function addCut(builder: OnnxBuilder, mesh: string, cut: EyeCut): Cut {
  if (cut.target_rotation_radians) throw new RangeError('an eye that is not cut out level is not supported');
  const points = (indices: readonly number[]): string =>
    builder.node('Gather', [mesh, builder.ints(indices)], { axis: 1 });
  const along = builder.node('Sub', [points([cut.right_rotation_idx]), points([cut.left_rotation_idx])]);
  const length = builder.node('ReduceL2', [along], { axes: [2], keepdims: 1 });
  const u = builder.node('Div', [along, length]);
  const v = builder.node('MatMul', [u, builder.floats([0, 1, -1, 0], [2, 2])]);
  /** Rows: where the crop's x and y point in the features. */
  const axes = builder.node('Concat', [u, v], { axis: 1 });
  const turned = builder.node('MatMul', [
    points(cut.subset_idxs),
    builder.node('Transpose', [axes], { perm: [0, 2, 1] }),
  ]);
  const low = builder.node('ReduceMin', [turned], { axes: [1], keepdims: 1 });
  const high = builder.node('ReduceMax', [turned], { axes: [1], keepdims: 1 });
  const size = builder.node('Mul', [
    builder.node('Sub', [high, low]),
    builder.floats([cut.scale_x / cut.output_width, cut.scale_y / cut.output_height], [2]),
  ]);
  const middle = builder.node('Mul', [builder.node('Add', [low, high]), builder.floats([0.5], [1])]);
  const centre = builder.node('MatMul', [middle, axes]);
  const matrix = builder.node('Mul', [axes, builder.node('Transpose', [size], { perm: [0, 2, 1] })]);
  const half = builder.floats([cut.output_width / 2, cut.output_height / 2], [1, 1, 2]);
  const shift = builder.node('Sub', [centre, builder.node('MatMul', [half, matrix])]);
  return { matrix, shift };
}

/** The cut-out features of both eyes, channels side by side: [n, 2 channels, height, width]. */
function cutOut(builder: OnnxBuilder, features: string, cuts: readonly Cut[], cut: EyeCut): string {
  const { output_width: width, output_height: height } = cut;
  const base = Array.from({ length: width * height }, (_, at) => [(at % width) + 0.5, Math.floor(at / width) + 0.5]);
  const grid = builder.floats(base.flat(), [1, width * height, 2]);
  const parts = cuts.map(({ matrix, shift }) => {
    const at = builder.node('Add', [builder.node('MatMul', [grid, matrix]), shift]);
    return builder.node('Reshape', [at, builder.ints([0, height, width, 2])]);
  });
  // Both eyes by one GridSample, one under the other; from pixels to its -1..1.
  const both = builder.node('Concat', parts, { axis: 1 });
  const unit = builder.floats([(2 * FEATURE_STEP) / EYE_STRIP.widthPx, (2 * FEATURE_STEP) / EYE_STRIP.heightPx], [2]);
  const at = builder.node('Sub', [builder.node('Mul', [both, unit]), builder.floats([1], [1])]);
  const sampled = builder.node('GridSample', [features, at], {
    mode: 'bilinear',
    padding_mode: 'zeros',
    align_corners: 0,
  });
  return builder.node('Concat', builder.nodes('Split', [sampled], 2, { axis: 2 }), { axis: 1 });
}

/** Points [n, 2, points, 2] of the two crops, in the features. */
function place(builder: OnnxBuilder, local: string, cuts: readonly Cut[]): string {
  const join = (part: 'matrix' | 'shift'): string =>
    builder.node(
      'Concat',
      cuts.map((cut) => builder.node('Unsqueeze', [cut[part], builder.ints([1])])),
      { axis: 1 },
    );
  return builder.node('Add', [builder.node('MatMul', [local, join('matrix')]), join('shift')]);
}
