import { OnnxBuilder } from './onnx-builder.js';
import { ONNX_ATTRIBUTE, type OnnxGraph, type OnnxModel } from './onnx-proto.js';

/** Samples that a step sees: 64 of the step before, and 512 new ones. */
const SEEN = 576;
/** Frequencies of the spectrum, 0 to 8 kHz. */
const BINS = 129;
const UNITS = 128;
/** What the spectrum looks at beyond the end of a step: its samples mirrored. */
const MIRRORED = 64;

/**
 * silero-vad (v5, v6) at 16 kHz over many steps in one run. Inputs `samples` float32 [steps, 576], each step's 512 with the
 * 64 before them, and `state` [2, 1, 128] of the run before, zeros at first; outputs `voice` float32 [steps] 0..1 and
 * `state_after`. The published graph takes one step a run, and chooses among sampling rates and shapes inside; here the
 * layers of its branch for 16 kHz stand one after another, with its weights, and the recurrent one walks over all steps.
 */
export function voiceGraph(published: OnnxModel): OnnxModel {
  const weights = constantsOf(branchFor16kHz(published.graph));
  const floats = (name: string, dims?: readonly number[]): string => {
    const found = weights.get(name);
    if (!found) throw new RangeError(`silero-vad has no ${name}`);
    return builder.floats(found.values, dims ?? found.dims);
  };
  const builder = new OnnxBuilder();
  const samples = builder.input('samples', 'float32', ['steps', SEEN]);
  const state = builder.input('state', 'float32', [2, 1, UNITS]);

  const mirrored = builder.node('Pad', [samples, builder.ints([0, 0, 0, MIRRORED])], { mode: 'reflect' });
  const wave = builder.node('Unsqueeze', [mirrored, builder.ints([1])]);
  const both = builder.node('Conv', [wave, floats('stft.forward_basis_buffer')], { strides: [128] });
  const part = (from: number): string =>
    builder.node('Slice', [both, builder.ints([from]), builder.ints([from + BINS]), builder.ints([1])]);
  const squared = [part(0), part(BINS)].map((value) => builder.node('Mul', [value, value]));
  let value = builder.node('Sqrt', [builder.node('Add', squared)]);
  for (const [layer, stride] of [1, 2, 2, 1].entries()) {
    const of = `encoder.${layer}.reparam_conv`;
    const inputs = [value, floats(`${of}.weight`), floats(`${of}.bias`)];
    value = builder.node('Relu', [builder.node('Conv', inputs, { strides: [stride], pads: [1, 1] })]);
  }
  const sequence = builder.node('Reshape', [value, builder.ints([-1, 1, UNITS])]);
  const gates = 4 * UNITS;
  const reordered = (name: string): string => {
    const { values, dims } = weights.get(name)!;
    return builder.floats(toOnnxGates(values), [1, ...dims]);
  };
  const bias = [...toOnnxGates(weights.get('decoder.rnn.bias_ih')!.values)];
  bias.push(...toOnnxGates(weights.get('decoder.rnn.bias_hh')!.values));
  const at = (index: number): string => builder.node('Gather', [state, builder.ints([index])], { axis: 0 });
  const [outputs, hidden, cell] = builder.nodes(
    'LSTM',
    [
      sequence,
      reordered('decoder.rnn.weight_ih'),
      reordered('decoder.rnn.weight_hh'),
      builder.floats(bias, [1, 2 * gates]),
      '',
      at(0),
      at(1),
    ],
    3,
    { hidden_size: UNITS },
  );
  const active = builder.node('Relu', [builder.node('Reshape', [outputs!, builder.ints([-1, UNITS])])]);
  const weighed = builder.node('MatMul', [active, floats('decoder.decoder.2.weight', [UNITS, 1])]);
  const logits = builder.node('Add', [weighed, floats('decoder.decoder.2.bias', [1])]);
  const voice = builder.node('Sigmoid', [builder.node('Reshape', [logits, builder.ints([-1])])]);
  builder.output(voice, 'voice', 'float32', ['steps']);
  builder.output(builder.node('Concat', [hidden!, cell!], { axis: 0 }), 'state_after', 'float32', [2, 1, UNITS]);
  return builder.build('silero-vad');
}

/** The branch that the published graph takes when it is told 16 kHz. */
function branchFor16kHz(graph: OnnxGraph): OnnxGraph {
  const choice = graph.node.find(({ opType }) => opType === 'If');
  const branch = choice?.attribute.find(({ name }) => name === 'then_branch')?.g;
  if (!branch) throw new RangeError('silero-vad has no branch for 16 kHz');
  return branch;
}

interface Constant {
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

/** Constants of floats by the name they had in the published network. */
function constantsOf(graph: OnnxGraph): Map<string, Constant> {
  const found = new Map<string, Constant>();
  for (const { opType, output, attribute } of graph.node) {
    const tensor = attribute.find(({ type }) => type === ONNX_ATTRIBUTE.tensor)?.t;
    if (opType !== 'Constant' || !tensor?.rawData || tensor.dataType !== 1) continue;
    const bytes = new Uint8Array(tensor.rawData); // a copy: its bytes may begin anywhere in a larger buffer
    const name = output[0]!.replace(/^.*__/, '');
    found.set(name, { values: new Float32Array(bytes.buffer), dims: tensor.dims });
  }
  return found;
}

/** Gates in the order of ONNX (input, output, forget, cell) out of PyTorch's (input, forget, cell, output). */
function toOnnxGates(values: Float32Array): Float32Array {
  const size = values.length / 4;
  const gate = (index: number): Float32Array => values.subarray(index * size, (index + 1) * size);
  const out = new Float32Array(values.length);
  for (const [to, from] of [0, 3, 1, 2].entries()) out.set(gate(from), to * size);
  return out;
}
