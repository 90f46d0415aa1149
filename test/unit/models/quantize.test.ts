import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { calibrationGraph, RangeObserver } from '../../../models/convert/calibrate.js';
import { foldConstants } from '../../../models/convert/fold-constants.js';
import { OnnxBuilder } from '../../../models/convert/onnx-builder.js';
import { encodeOnnx, ONNX_TYPE, type OnnxModel } from '../../../models/convert/onnx-proto.js';
import { quantize } from '../../../models/convert/quantize.js';
import { quantizedLayers } from '../../../models/convert/quantized-layers.js';
import { storeHalves } from '../../../models/convert/store-halves.js';

const CHANNELS = 16;
const SIDE = 6;

/** Numbers between -1 and 1 that repeat from run to run. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A gray picture, a first layer in floats, a wide one up to 6, a depthwise one, a wide one without activation, a mean. */
function network(): OnnxModel {
  const builder = new OnnxBuilder();
  const picture = builder.input('picture', 'float32', ['n', 1, SIDE, SIDE]);
  const conv = (from: string, dims: number[], seed: number, group = 1): string =>
    builder.node(
      'Conv',
      [
        from,
        builder.floats(
          numbers(
            dims.reduce((a, b) => a * b),
            seed,
          ),
          dims,
        ),
        builder.floats(numbers(dims[0]!, seed + 1), [dims[0]!]),
      ],
      {
        kernel_shape: dims.slice(2),
        pads: dims[2] === 3 ? [1, 1, 1, 1] : [0, 0, 0, 0],
        group,
      },
    );
  const first = builder.node('Relu', [conv(picture, [CHANNELS, 1, 3, 3], 1)]);
  const clip = [builder.floats([0], []), builder.floats([6], [])];
  const wide = builder.node('Clip', [conv(first, [2 * CHANNELS, CHANNELS, 1, 1], 3), ...clip]);
  const depthwise = builder.node('Relu', [conv(wide, [2 * CHANNELS, 1, 3, 3], 5, 2 * CHANNELS)]);
  const last = conv(depthwise, [8, 2 * CHANNELS, 1, 1], 7);
  builder.output(builder.node('ReduceMean', [last], { axes: [2, 3], keepdims: 0 }), 'out', 'float32', ['n', 8]);
  return builder.build('small');
}

async function run(model: OnnxModel, names: readonly string[]): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(encodeOnnx(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const picture = new ort.Tensor('float32', numbers(2 * SIDE * SIDE, 99), [2, 1, SIDE, SIDE]);
  const results = await session.run({ picture }, [...names]);
  return Object.fromEntries(names.map((name) => [name, results[name]!.data as Float32Array]));
}

async function rangesOf(model: OnnxModel) {
  const { model: observed, values } = calibrationGraph(model);
  const seen = await run(observed, values);
  const observer = new RangeObserver();
  for (const name of values) observer.observe(name, seen[name]!, 2);
  return observer.ranges(1);
}

describe('quantize', () => {
  it('leaves the first layer in floats, takes wide ones and depthwise ones between them', () => {
    const layers = quantizedLayers(network());
    expect(layers.map(({ weights, ceiling }) => [weights.dims, ceiling])).toEqual([
      [[32, 16, 1, 1], 6],
      [[32, 1, 3, 3], Number.POSITIVE_INFINITY],
      [[8, 32, 1, 1], null],
    ]);
  });

  it('gives what the network in floats gives, within a few steps of its ranges', async () => {
    const model = network();
    const whole = quantize(model, await rangesOf(model));
    const count = (type: string): number => whole.graph.node.filter(({ opType }) => opType === type).length;
    expect(['QLinearConv', 'QuantizeLinear', 'DequantizeLinear', 'Conv', 'Relu', 'Clip'].map(count)).toEqual([
      3, 1, 1, 1, 1, 0,
    ]);
    const { out: floats } = await run(model, ['out']);
    const { out: integers } = await run(whole, ['out']);
    const scale = Math.max(...floats!.map(Math.abs));
    const worst = Math.max(...floats!.map((value, at) => Math.abs(value - integers![at]!))) / scale;
    expect(worst).toBeLessThan(0.05);
    expect(worst).toBeGreaterThan(0);
  });

  it('is the same file whenever it is made, and names a value without a range', async () => {
    const ranges = await rangesOf(network());
    const made = () => encodeOnnx(quantize(network(), ranges));
    expect(Buffer.compare(made(), made())).toBe(0);
    const [name] = Object.keys(ranges);
    expect(() => quantize(network(), { ...ranges, [name!]: undefined as never })).toThrow(
      `the value ${name} has no range`,
    );
  });
});

it('folds half precision weights and constants into initializers', () => {
  const half = {
    name: 'half',
    dims: [4],
    dataType: ONNX_TYPE.float16,
    rawData: new Uint8Array(Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x8000).buffer),
  };
  const cast = {
    opType: 'Cast',
    name: 'c',
    input: ['half'],
    output: ['weights'],
    attribute: [{ name: 'to', type: 2, i: ONNX_TYPE.float32 }],
  };
  const add = { opType: 'Add', name: 'a', input: ['x', 'weights'], output: ['y'], attribute: [] };
  const { graph, ...rest } = network();
  const value = (name: string) => ({ ...graph.output[0]!, name });
  const folded = foldConstants({
    ...rest,
    graph: { ...graph, node: [cast, add], initializer: [half], input: [value('x')], output: [value('y')] },
  });
  expect(folded.graph.node).toEqual([add]);
  const [{ name, rawData }] = folded.graph.initializer as [(typeof folded.graph.initializer)[0]];
  expect([name, ...new Float32Array(new Uint8Array(rawData!).buffer)]).toEqual(['weights', 1, -2.5, 2 ** -24, -0]);
});

it('stores weights in half precision where that holds them exactly, and folding gives them back', () => {
  const tensor = (name: string, values: Float32Array) => ({
    ...{ name, dims: [values.length], dataType: ONNX_TYPE.float32, rawData: new Uint8Array(values.slice().buffer) },
  });
  const exact = new Float32Array(300).fill(0.25);
  exact.set([65_504, -65_504, 2 ** -14, 2 ** -24, -(2 ** -24), 1023 * 2 ** -24, 0, -0, 1 + 2 ** -10, 2 - 2 ** -10]);
  const weights = {
    exact,
    finer: new Float32Array(300).fill(1 + 2 ** -11),
    tiny: new Float32Array(300).fill(2 ** -25),
    large: new Float32Array(300).fill(65_536),
    broken: new Float32Array(300).fill(Number.NaN),
    few: new Float32Array(4).fill(1),
  };
  const given = Object.entries(weights).map(([name, values]) => tensor(name, values));
  const add = { opType: 'Sum', name: 's', input: Object.keys(weights), output: ['y'], attribute: [] };
  const { graph, ...rest } = network();
  const output = [{ ...graph.output[0]!, name: 'y' }];
  const model = { ...rest, graph: { ...graph, node: [add], initializer: given, input: [], output } };
  const stored = storeHalves(model);
  expect(stored.graph.initializer.filter(({ dataType }) => dataType === ONNX_TYPE.float16)).toHaveLength(1);
  const folded = foldConstants(stored);
  expect(folded.graph.node).toEqual([add]);
  const back = new Map(folded.graph.initializer.map(({ name, rawData }) => [name, Buffer.from(rawData!)]));
  for (const { name, rawData } of given) expect(back.get(name)!.equals(Buffer.from(rawData)), name).toBe(true);
});

it('keeps to the range of most faces', () => {
  const observer = new RangeObserver();
  observer.observe(
    'v',
    Float32Array.from({ length: 100 }, (_, face) => (face === 99 ? 1000 : face + 1)),
    100,
  );
  expect(observer.ranges(0.99)).toEqual({ v: [2, 99] });
  expect(observer.ranges(1)).toEqual({ v: [1, 1000] });
});
