import { describe, expect, it } from 'vitest';
import { OnnxBuilder } from '../../../models/convert/onnx-builder.js';
import { decodeOnnx, encodeOnnx } from '../../../models/convert/onnx-proto.js';
import { affectGraph } from '../../../models/convert/runtime-graphs.js';
import { type Picture, runOnPicture } from '../../support/onnx-run.js';

const SIZE = 12;

/** A "trained" network whose logits are the mean of the bytes it gets, times 0..7. */
function tinyNetwork(sizePx = SIZE) {
  const builder = new OnnxBuilder();
  const crops = builder.input('crops', 'uint8', ['face', sizePx, sizePx]);
  const mean = builder.node('ReduceMean', [builder.node('Cast', [crops], { to: 1 })], { axes: [1, 2], keepdims: 0 });
  const column = builder.node('Unsqueeze', [mean, builder.ints([1])]);
  const logits = builder.node('MatMul', [column, builder.floats([0, 1, 2, 3, 4, 5, 6, 7], [1, 8])]);
  builder.output(logits, 'emotion_logits', 'float32', ['face', 8]);
  return decodeOnnx(encodeOnnx(builder.build('tiny')));
}

/** One stripe of black, one of white, and on, softened by a box of `blurPx`. */
function stripes(blurPx: number): Picture {
  const side = 96;
  const raw = (x: number): number => (Math.floor(x / 48) % 2 ? 235 : 16);
  const data = Uint8Array.from({ length: side * side }, (_, index) => {
    let sum = 0;
    for (let d = 0; d < blurPx; d++) sum += raw((index % side) + d);
    return Math.round(sum / blurPx);
  });
  return { widthPx: side, heightPx: side, data };
}

const whole = [96, 0, 0, 0, 96, 0];

/** The same with action units: presence is the mean z of the mesh, intensity that and the mean byte. */
function networkWithMesh() {
  const builder = new OnnxBuilder();
  const mesh = builder.input('landmarks', 'float32', ['face', 468, 3]);
  const crops = builder.input('crops', 'uint8', ['face', SIZE, SIZE]);
  const bytes = builder.node('ReduceMean', [builder.node('Cast', [crops], { to: 1 })], { axes: [1, 2], keepdims: 0 });
  const column = builder.node('Unsqueeze', [bytes, builder.ints([1])]);
  const depth = builder.node(
    'Gather',
    [builder.node('ReduceMean', [mesh], { axes: [1], keepdims: 0 }), builder.ints([2])],
    {
      axis: 1,
    },
  );
  builder.output(depth, 'au_presence', 'float32', ['face', 1]);
  builder.output(builder.node('Concat', [depth, column], { axis: 1 }), 'au_intensity', 'float32', ['face', 2]);
  return decodeOnnx(encodeOnnx(builder.build('tiny')));
}

describe('affectGraph', () => {
  it('hands landmarks to a network that takes them, and passes all its outputs through', async () => {
    const graph = affectGraph(networkWithMesh());
    expect(graph.graph.input.map(({ name }) => name).sort()).toEqual(['crops_border', 'landmarks']);
    const landmarks = Float32Array.from({ length: 2 * 468 * 3 }, (_, at) =>
      at % 3 === 2 ? Math.floor(at / 1404) - 3 : 9,
    );
    const white: Picture = { widthPx: 96, heightPx: 96, data: new Uint8Array(96 * 96).fill(235) };
    const outputs = await runOnPicture(graph, white, [whole, whole], { landmarks });
    expect([...outputs.au_presence!]).toEqual([-3, -2]);
    expect([...outputs.au_intensity!]).toEqual([-3, 255, -2, 255]);
    expect(outputs.sharpness).toHaveLength(2);
  });

  it('feeds the network full-range bytes of each face', async () => {
    const data = new Uint8Array(40 * 20).fill(16);
    for (let y = 0; y < 20; y++) data.fill(235, y * 40 + 20, y * 40 + 40);
    const { emotion_logits: logits } = await runOnPicture(
      affectGraph(tinyNetwork()),
      { widthPx: 40, heightPx: 20, data },
      [
        [16, 0, 2, 0, 16, 2],
        [16, 0, 22, 0, 16, 2],
      ],
    );
    expect([...logits!]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 510, 765, 1020, 1275, 1530, 1785]);
  });

  it('says that a flat crop has no sharpness', async () => {
    const flat: Picture = { widthPx: 96, heightPx: 96, data: new Uint8Array(96 * 96).fill(120) };
    const { sharpness } = await runOnPicture(affectGraph(tinyNetwork()), flat, [whole]);
    expect(sharpness![0]).toBeCloseTo(0, 4);
  });

  it('says less sharpness the more a crop is blurred', async () => {
    const graph = affectGraph(tinyNetwork());
    const values: number[] = [];
    for (const blurPx of [1, 24, 40]) values.push((await runOnPicture(graph, stripes(blurPx), [whole])).sharpness![0]!);
    expect(values[0]).toBeGreaterThan(values[1]!);
    expect(values[1]).toBeGreaterThan(values[2]!);
  });

  it('measures sharpness alike, whatever size of crop the network takes', async () => {
    const [small, large] = [affectGraph(tinyNetwork(48)), affectGraph(tinyNetwork(144))];
    for (const blurPx of [1, 8, 24]) {
      const of = async (graph: typeof small) => (await runOnPicture(graph, stripes(blurPx), [whole])).sharpness![0]!;
      expect(await of(large)).toBeCloseTo(await of(small), 4);
    }
  });

  it('measures it nearly alike where pixels of the crop do not fit', async () => {
    const [small, odd] = [affectGraph(tinyNetwork(48)), affectGraph(tinyNetwork(112))];
    for (const blurPx of [1, 8, 24]) {
      const of = async (graph: typeof small) => (await runOnPicture(graph, stripes(blurPx), [whole])).sharpness![0]!;
      expect(Math.abs(Math.log((await of(odd)) / (await of(small))))).toBeLessThan(0.1);
    }
  });
});
