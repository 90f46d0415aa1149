// Import directions of src (docs/architecture.md): domain <- everything; stages never import each other;
// only the composition roots (app, cli, main) see them all; eval, which measures models, sees what reads a still face, and the prompts and parsers of MLLMs. Cycles are errors.
const stages = ['source', 'inference', 'models', 'faces', 'affect', 'mllm', 'temporal', 'sinks', 'report', 'rx', 'eval', 'config', 'protocol', 'client', 'live', 'server', 'metrics'];
const allowed = {
  source: ['source', 'domain', 'rx'],
  inference: ['inference', 'models', 'domain'],
  models: ['models', 'domain'],
  faces: ['faces', 'domain', 'rx'],
  mllm: ['mllm', 'domain', 'rx'],
  affect: ['affect', 'domain', 'rx'],
  temporal: ['temporal', 'domain', 'rx'],
  sinks: ['sinks', 'domain'],
  report: ['report', 'domain', 'sinks'],
  rx: ['rx', 'domain'],
  config: ['config', 'domain'],
  protocol: ['protocol', 'domain'],
  client: ['client', 'protocol', 'domain'],
  live: ['live', 'domain', 'rx'],
  server: ['server', 'protocol', 'live', 'config', 'domain', 'rx', 'sinks'],
  metrics: ['metrics', 'domain'],
  eval: ['eval', 'domain', 'models', 'inference', 'faces', 'affect', 'mllm'],
};
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    ...stages.map((stage) => ({
      name: `${stage}-direction`,
      severity: 'error',
      from: { path: `^src/${stage}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed[stage].join('|')})/` },
    })),
    {
      name: 'fluent-ffmpeg-in-one-file',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/source/ffmpeg-process\\.ts$' },
      to: { path: 'node_modules/(@types/)?fluent-ffmpeg' },
    },
    {
      name: 'onnxruntime-in-the-lane-worker',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(inference/lane-worker|models/verify-vector)\\.ts$' },
      to: { path: 'node_modules/onnxruntime-node' },
    },
    { name: 'not-to-dev', severity: 'error', from: { path: '^src/' }, to: { dependencyTypes: ['npm-dev'] } },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
