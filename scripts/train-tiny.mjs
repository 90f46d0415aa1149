// npm run train:tiny: the whole way of the papers' trainers with a model of a million random weights: pictures with known labels, `mien dataset
// convert`, two stages of training, reinforcement, serving, `mien eval`, and an answer in the dashboard. Goes on where it was stopped.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium, ensureSetup, fail, root } from './ensure-setup.mjs';
import { liveAnswer } from './train-tiny/live.mjs';
import { makePictures } from './train-tiny/pictures.mjs';
import { run, start } from './train-tiny/programs.mjs';
import { runSteps, StepFailed } from './train-tiny/steps.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join('mien-out', 'train-tiny') },
    python: {
      type: 'string',
      default: process.env.MIEN_TRAINING_PYTHON ?? join('models', 'training', '.venv', 'bin', 'python'),
    },
  },
});
const out = resolve(values.out);
const python = resolve(values.python);
if (!existsSync(python))
  fail(
    `no Python at ${python}; make one with models/training/requirements-mllm.txt, and name it with --python or MIEN_TRAINING_PYTHON`,
  );
ensureSetup();
ensureChromium();

const FIXTURES = join(root, 'test', 'fixtures', 'demo');
const CLIP = join(FIXTURES, 'talking-face.mp4');
const TRAINING = join(root, 'models', 'training');
const MIEN = join(root, 'dist', 'main.js');
const NAME = 'tiny';
const EVERY_FRAME = 2;
const SPLIT = ['--apart', 'picture', '--test-share', '0.2'];
const STEPS = { align: 30, tune: 120, grpo: 6 };
const GRPO = ['--answers', '4', '--tokens', '100', '--rate', '1e-4'];
const at = (...names) => join(out, ...names);
/** Pictures, and the numbers of their faces. */
const SEEN = ['--pictures', at('pictures'), '--landmarks', at('landmarks', 'landmarks.jsonl')];
const recipe = (name) => join(TRAINING, 'mllm', 'tried', `${name}.json`);
const logOf = (name) => at('logs', `${name}.log`);

const mien = (name, ...args) => run(process.execPath, [MIEN, ...args], { log: logOf(name) });
const train = (name, module, ...args) =>
  run(python, ['-m', `mllm.${module}`, ...args], { cwd: TRAINING, log: logOf(name), env: pythonEnv() });
/** The models are here: nothing is looked for elsewhere. Threads that wait spin, and gain nothing on matrices this small. */
const pythonEnv = () => ({
  OMP_NUM_THREADS: '1',
  ...process.env,
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_VERBOSITY: 'error',
});
const lastLine = (text) => text.trim().split('\n').at(-1).replaceAll(`${out}/`, '');
const faces = () => JSON.parse(readFileSync(at('faces.json'), 'utf8'));

/** Serves the trained model while `use` runs. */
async function served(name, use) {
  const args = ['-m', 'mllm.serve', '--model', at('base'), '--run', `${NAME}=${at('grpo')}`, '--port', '0'];
  const program = start(python, args, { cwd: TRAINING, log: logOf(name), env: pythonEnv(), pattern: / at (http\S+)/ });
  try {
    const [, url] = await program.ready;
    return await use({ url, model: NAME });
  } finally {
    await program.close();
  }
}

/** The numbers of the face in a picture, as `mien dataset landmarks` measured them. */
function landmarksOf(image) {
  const lines = readFileSync(at('landmarks', 'landmarks.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).find((line) => line.image === image).landmarks;
}

async function measure() {
  await mien('landmarks', 'dataset', 'landmarks', at('pictures'), '--out', at('landmarks'), '--overwrite');
  const lines = readFileSync(at('landmarks', 'landmarks.jsonl'), 'utf8').trim().split('\n');
  const found = new Map(lines.map((line) => JSON.parse(line)).map((line) => [line.image, line.found]));
  const missing = faces().filter(({ image }) => !found.get(image));
  if (missing.length > 0) throw new StepFailed(`no face found in ${missing.map(({ image }) => image).join(', ')}`);
  return `212 numbers of each of ${faces().length} faces`;
}

/** Whole and streamed answers to the same question, which are to be the same words. */
async function ask({ url, model }) {
  const [{ image: name }] = testItems();
  const image = readFileSync(at('pictures', name)).toString('base64');
  const content = [
    { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
    { type: 'text', text: 'Please describe the expression of this face.' },
  ];
  const mien = { landmarks: [landmarksOf(name)] };
  const body = { model, max_tokens: 60, temperature: 0, messages: [{ role: 'user', content }], mien };
  const post = (more) => {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${url}/chat/completions`, { method: 'POST', headers, body: JSON.stringify({ ...body, ...more }) });
  };
  const whole = (await (await post({})).json()).choices?.[0]?.message.content;
  const events = (await (await post({ stream: true })).text()).split('\n').filter((line) => line.startsWith('data: {'));
  const streamed = events.map((line) => JSON.parse(line.slice('data: '.length)).choices[0].delta.content).join('');
  if (!whole || whole !== streamed) throw new StepFailed(`whole answer “${whole}”, streamed “${streamed}”`);
  return `“${whole}”, streamed in ${events.length} pieces`;
}

/** Pictures that nothing was trained on, in the form of FEABench. */
function testItems() {
  const kept = new Set(JSON.parse(readFileSync(at('data', 'faces-test.json'), 'utf8')).map(({ image }) => image));
  return faces()
    .filter(({ image }) => kept.has(image))
    .map(({ image, emotion, units }) => ({ image, emotion, action_units: units }));
}

async function evaluate({ url, model }) {
  writeFileSync(at('feabench.json'), JSON.stringify(testItems()));
  const asked = [
    '--annotations',
    at('feabench.json'),
    '--images',
    at('pictures'),
    '--mllm-url',
    url,
    '--mllm-model',
    model,
  ];
  await mien('eval', 'eval', 'feabench', ...asked, '--out', at('eval'), '--overwrite');
  const { parts } = JSON.parse(readFileSync(at('eval', 'eval.json'), 'utf8'));
  const [part] = parts;
  const figures = part.columns.map((column, index) => `${column} ${part.strict[index].toFixed(1)} %`);
  return `${figures.join(', ')} of ${testItems().length} faces that it was not trained on (other frames of the same person)`;
}

async function convert() {
  const to = (form, list, name, task) =>
    mien(
      'convert',
      'dataset',
      'convert',
      at('pictures', list),
      '--from',
      'csv',
      '--to',
      form,
      '--task',
      task,
      ...SPLIT,
      '--name',
      name,
      '--out',
      at('data'),
      '--overwrite',
    );
  const said = [
    await to('llava', 'captions.csv', 'captions', 'aligned'),
    await to('llava', 'faces.csv', 'faces', 'aligned,choice'),
    await to('trl', 'faces.csv', 'choice', 'choice'),
  ];
  return said.flatMap((text) => text.match(/\S+-(?:train|test)\.jsonl?: \d+/g)).join(', ');
}

const learn = (name, data, ...more) =>
  train(
    name,
    'sft',
    '--recipe',
    recipe(name),
    '--model',
    at('base'),
    '--data',
    at('data', data),
    ...SEEN,
    '--out',
    at(name),
    '--steps',
    STEPS[name],
    ...more,
  );

const steps = [
  {
    name: 'pictures',
    settings: { EVERY_FRAME },
    makes: 'pictures',
    async run() {
      const made = await makePictures(FIXTURES, out, EVERY_FRAME);
      writeFileSync(at('faces.json'), JSON.stringify(made));
      return `${made.length} faces of rendered clips with known emotion and units`;
    },
  },
  { name: 'convert', settings: { SPLIT }, makes: 'data', run: convert },
  { name: 'landmarks', settings: null, makes: 'landmarks', run: measure },
  {
    name: 'base',
    settings: readFileSync(recipe('tune'), 'utf8'),
    makes: 'base',
    run: async () =>
      lastLine(
        await train(
          'base',
          'tiny',
          '--out',
          at('base'),
          '--recipe',
          recipe('tune'),
          '--text',
          at('data', 'faces-train.json'),
        ),
      ),
  },
  {
    name: 'align',
    settings: [STEPS.align, readFileSync(recipe('align'), 'utf8')],
    makes: 'align',
    run: async () => lastLine(await learn('align', 'captions-train.json')),
  },
  {
    name: 'tune',
    settings: STEPS.tune,
    makes: 'tune',
    run: async () => lastLine(await learn('tune', 'faces-train.json', '--start', at('align'))),
  },
  {
    name: 'grpo',
    settings: [STEPS.grpo, GRPO],
    makes: 'grpo',
    run: async () =>
      lastLine(
        await train(
          'grpo',
          'grpo',
          '--model',
          at('base'),
          '--run',
          at('tune'),
          '--data',
          at('data', 'choice-train.jsonl'),
          ...SEEN,
          '--out',
          at('grpo'),
          '--steps',
          STEPS.grpo,
          ...GRPO,
        ),
      ),
  },
  { name: 'serve', settings: null, run: () => served('serve', ask) },
  { name: 'eval', settings: null, makes: 'eval', run: () => served('serve', evaluate) },
  {
    name: 'dashboard',
    settings: null,
    run: () =>
      served('serve', (model) =>
        liveAnswer({
          mien: MIEN,
          out,
          log: logOf('dashboard'),
          served: model,
          clip: CLIP,
          executablePath: process.env.CHROMIUM,
        }),
      ),
  },
];

mkdirSync(at('logs'), { recursive: true });
const started = performance.now();
const ended = await runSteps(steps, out);
console.log(
  `${ended ? 'done' : 'stopped'} after ${((performance.now() - started) / 1000).toFixed(0)} s; everything is in ${out}`,
);
process.exit(ended ? 0 : 1);
