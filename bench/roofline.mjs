// npm run bench -- roofline: how near each network comes to what this machine's kernels can do. One thread, float; multiply-adds a
// second of large layers against those of each network, by turns, in processor time.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import '../dist/models/no-telemetry.js';
import * as ort from 'onnxruntime-node';
import { runnerImport } from 'vite';
import { CropCutter, cropInputOf } from '../dist/models/cut-crops.js';
import { findModels } from '../dist/models/registry.js';
import { root } from './mien.mjs';
import { MODELS } from './models.mjs';
import { save } from './save.mjs';
import { markdownTable, median, table } from './statistics.mjs';
import { workFolder } from './work-folder.mjs';

const NETWORKS = [...MODELS, 'mien-occlusion'];
const THREADS = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
const RUNS = 5;
/** A face of 200 pixels in a frame of 512 x 512. */
const [SIDE, MATRIX] = [512, [196, -20, 150, 20, 196, 140]];

const typescript = async (file) =>
  (await runnerImport(join(root, 'models/convert', file), { root, configFile: false, logLevel: 'error' })).module;

const values = (length) => Float32Array.from({ length }, (_, index) => Math.sin(index));

/** Graphs of one layer that is as good as it gets, by what a layer is called. */
async function largeLayers() {
  const { OnnxBuilder } = await typescript('onnx-builder.ts');
  const { encodeOnnx } = await typescript('onnx-proto.ts');
  const layer = (dims, add) => {
    const builder = new OnnxBuilder();
    const input = builder.input('x', 'float32', dims);
    builder.output(add(builder, input), 'y', 'float32', dims);
    const feeds = { x: new ort.Tensor('float32', values(dims.reduce((a, b) => a * b)), dims) };
    return { graph: encodeOnnx(builder.build('layer')), feeds };
  };
  return {
    'matrix 512 x 512 x 512': layer([512, 512], (builder, x) =>
      builder.node('MatMul', [x, builder.floats(values(512 * 512), [512, 512])]),
    ),
    'convolution 3x3, 128 channels at 24 px': layer([1, 128, 24, 24], (builder, x) =>
      builder.node('Conv', [x, builder.floats(values(128 * 128 * 9), [128, 128, 3, 3])], {
        kernel_shape: [3, 3],
        pads: [1, 1, 1, 1],
      }),
    ),
    'convolution 1x1, 256 channels at 24 px': layer([1, 256, 24, 24], (builder, x) =>
      builder.node('Conv', [x, builder.floats(values(256 * 256), [256, 256, 1, 1])], { kernel_shape: [1, 1] }),
    ),
  };
}

/** A face for a run-time graph. */
function feedsOf(session) {
  const luma = {
    dtype: 'uint8',
    shape: [SIDE, SIDE],
    data: Uint8Array.from({ length: SIDE * SIDE }, (_, i) => 90 + (i % 61)),
  };
  const crops = cropInputOf(session.inputMetadata);
  const cut = new CropCutter(crops).replace({
    luma,
    matrices: { dtype: 'float32', shape: [1, 2, 3], data: Float32Array.from(MATRIX) },
  })[crops.name];
  const feeds = { [crops.name]: new ort.Tensor('float32', cut.data, cut.shape) };
  if (session.inputNames.includes('landmarks'))
    feeds.landmarks = new ort.Tensor(
      'float32',
      values(468 * 3).map((value) => 0.5 + value / 3),
      [1, 468, 3],
    );
  return feeds;
}

const product = (numbers) => numbers.reduce((all, each) => all * each, 1);
const shapeOf = (typed) => Object.values(typed)[0];

/** Multiply-adds of one node, by the shapes it had when it ran. */
function multiplyAdds({ op_name: op, input_type_shape: inputs, output_type_shape: outputs }) {
  const out = () => product(shapeOf(outputs[0]));
  if (op === 'Conv') return out() * product(shapeOf(inputs[1]).slice(1));
  if (op === 'MatMul' || op === 'Gemm') return out() * shapeOf(inputs[0]).at(-1);
  return 0;
}

/** Counted in a run of the graph as it is written, which no optimiser has changed. */
async function countOf(model, feeds) {
  const folder = join(workFolder(), 'roofline');
  mkdirSync(folder, { recursive: true });
  const options = { ...THREADS, graphOptimizationLevel: 'disabled', enableProfiling: true };
  const session = await ort.InferenceSession.create(model, { ...options, profileFilePrefix: join(folder, 'run') });
  await session.run(feeds ?? feedsOf(session));
  session.endProfiling();
  await session.release();
  const [file] = readdirSync(folder);
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  rmSync(folder, { recursive: true });
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'));
  return nodes.reduce((sum, { args }) => sum + multiplyAdds(args), 0);
}

/** Milliseconds of processor time a run, the least of some: other work on the machine only adds. */
async function timed({ session, feeds }) {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    for (let again = 0; again < RUNS; again++) await session.run(feeds);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000 / RUNS);
  }
  return least;
}

async function prepared(name, model, given) {
  const session = await ort.InferenceSession.create(model, THREADS);
  const feeds = given ?? feedsOf(session);
  return { name, session, feeds, count: await countOf(model, given), times: [] };
}

export async function roofline({ rounds }) {
  const layers = [];
  for (const [name, { graph, feeds }] of Object.entries(await largeLayers()))
    layers.push(await prepared(name, graph, feeds));
  const networks = [];
  for (const { id, onnxPath, int8 } of findModels(NETWORKS)) {
    networks.push(await prepared(id, onnxPath));
    const { count } = networks.at(-1);
    if (int8) networks.push({ ...(await prepared(`${id} int8`, int8.onnxPath)), count });
  }
  for (let round = 0; round < rounds; round++)
    for (const each of [...layers, ...networks]) each.times.push(await timed(each));
  const rate = ({ count, times }, round) => count / times[round] / 1e6;
  const best = Array.from({ length: rounds }, (_, round) => Math.max(...layers.map((layer) => rate(layer, round))));
  const figures = (each) => {
    const ms = median(each.times);
    const ideal = median(best.map((most) => each.count / most / 1e6));
    return {
      name: each.name,
      millions: each.count / 1e6,
      ms,
      ideal,
      ratio: median(best.map((most, n) => (each.times[n] * most * 1e6) / each.count)),
    };
  };
  const rows = [...layers, ...networks].map(figures);
  const all = [
    ['one thread, one face', 'multiply-adds, millions', 'ms', 'ms at the best rate', 'times that'],
    ...rows.map(({ name, millions, ms, ideal, ratio }) => [
      name,
      millions.toFixed(1),
      ms.toFixed(2),
      ideal.toFixed(2),
      ratio.toFixed(1),
    ]),
  ];
  console.log(`\n${table(all)}\n\nbest rate: ${median(best).toFixed(1)} thousand million multiply-adds a second`);
  save('roofline', { rounds, best, rows }, markdownTable(all));
}
