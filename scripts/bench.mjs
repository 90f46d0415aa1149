// npm run bench: speed against decoding alone and against a peer; `memory` and `pts` check long runs and times, `models` times each network, `roofline` against large layers,
// `live` measures mien serve, `mllm` whether a language model beside it slows it, `peers` compares emotions of photographs, `bus` what several machines cost.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureNatsServer, ensurePackages, ensureSetup, fail, root } from './ensure-setup.mjs';

const USAGE = `usage: npm run bench -- [speed|memory|pts|models|roofline|live|mllm|peers|bus] [options]
  --clips <folder>   videos to use (default: ../shared/clips if it exists, else the demo clip)
  --quick            speed: two minutes over the demo clip, against bench/baseline.json; pts: three clips; memory: three minutes of video; live, mllm, bus: short phases
  --baseline         speed, with --quick: what is measured becomes the baseline
  --rounds <count>   speed, models, roofline, mllm: interleaved rounds (default 3; models, roofline, mllm: --quick 1)
  --minutes <count>  memory: minutes of video (default 30); live: minutes of the soak (default 60, --quick 0)
  --only <part>      live: latency, overload, crowd, acting or soak; mllm: phases, embedded or throughput
  --mllm-url <url>   mllm: also a real OpenAI-compatible server, which holds
  --mllm-model <name>  this model
  --list <file>      peers: a CSV with the columns image and label
  --images <folder>  peers: where its pictures are
  --limit <count>    peers: at most so many pictures, evenly spread (default all)
  --precision <kind> live: auto, float or int8 (default: that of mien serve)
  --model <size>     speed, live: large or small (default: that of mien)
  --without-mien     speed: only decoding and the peer`;

const options = {
  clips: { type: 'string' },
  quick: { type: 'boolean', default: false },
  baseline: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  minutes: { type: 'string' },
  only: { type: 'string' },
  list: { type: 'string' },
  images: { type: 'string' },
  limit: { type: 'string' },
  'mllm-url': { type: 'string' },
  'mllm-model': { type: 'string' },
  precision: { type: 'string' },
  model: { type: 'string' },
  'without-mien': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

function parse() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return fail(`${error.message}\n${USAGE}`, 2);
  }
}

function count(text, otherwise) {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value > 0)) fail(`expected a number above 0, not ${text}\n${USAGE}`, 2);
  return value;
}

const { values, positionals } = parse();
const [kind = 'speed'] = positionals;
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
if (!['speed', 'memory', 'pts', 'models', 'roofline', 'live', 'mllm', 'peers', 'bus'].includes(kind))
  fail(`unknown benchmark: ${kind}\n${USAGE}`, 2);
const PARTS = { live: ['latency', 'overload', 'crowd', 'acting', 'soak'], mllm: ['phases', 'embedded', 'throughput'] };
if (values.only && !PARTS[kind]?.includes(values.only)) fail(`unknown part: ${values.only}\n${USAGE}`, 2);
const { 'mllm-url': url, 'mllm-model': model } = values;
if ((url === undefined) !== (model === undefined) || (model && kind !== 'mllm'))
  fail(`--mllm-url and --mllm-model go together, with mllm\n${USAGE}`, 2);
if (kind === 'peers' && !(values.list && values.images)) fail(`peers needs --list and --images\n${USAGE}`, 2);
if (values.baseline && !(kind === 'speed' && values.quick)) fail(`--baseline goes with --quick\n${USAGE}`, 2);
if (values.model && !(kind === 'speed' || kind === 'live')) fail(`--model goes with speed and live\n${USAGE}`, 2);
if (values.model && values.baseline) fail(`the baseline is that of mien’s own model; leave out --model\n${USAGE}`, 2);
const withMien = !values['without-mien'];

if (withMien) ensureSetup();
if (kind === 'bus' && !ensureNatsServer()) fail('no nats-server; install nats-server, or set NATS_SERVER to its path');
if ((kind === 'speed' && !values.quick) || kind === 'peers') ensurePackages(join(root, 'bench'));

const { clipsIn, probe } = await import('../bench/media.mjs');
const { quick } = await import('../bench/quick.mjs');
const { speed } = await import('../bench/speed.mjs');
const { pts } = await import('../bench/pts.mjs');
const { memory } = await import('../bench/memory.mjs');
const { models } = await import('../bench/models.mjs');
const { roofline } = await import('../bench/roofline.mjs');
const { live } = await import('../bench/live.mjs');
const { mllm } = await import('../bench/mllm.mjs');
const { bus } = await import('../bench/bus.mjs');
const { peers } = await import('../bench/peer-accuracy.mjs');

try {
  const demo = () => probe(join(root, 'test', 'fixtures', 'demo', 'talking-face.mp4'));
  const shared = join(root, '..', 'shared', 'clips');
  const folder = values.clips ?? (existsSync(shared) ? shared : undefined);
  const all = folder ? clipsIn(folder) : [demo()];
  const clips = values.quick ? all.slice(0, 3) : all;
  if (kind === 'speed' && values.quick)
    await quick(demo(), { seconds: 100, asBaseline: values.baseline, model: values.model });
  else if (kind === 'models') await models({ rounds: count(values.rounds, values.quick ? 1 : 3) });
  else if (kind === 'roofline') await roofline({ rounds: count(values.rounds, values.quick ? 1 : 3) });
  else if (kind === 'bus') await bus(clips[0].path, { seconds: values.quick ? 2 : 10 });
  else if (kind === 'peers')
    await peers({ list: values.list, images: values.images, limit: count(values.limit, Number.MAX_SAFE_INTEGER) });
  else if (kind === 'mllm') {
    const engine = model === undefined ? null : { url, model };
    const rounds = count(values.rounds, values.quick ? 1 : 3);
    await mllm(clips[0].path, { quick: values.quick, rounds, engine, only: values.only });
  } else if (kind === 'live') {
    const minutes = values.minutes === '0' ? 0 : count(values.minutes, values.quick ? 0.001 : 60);
    const { quick, only, precision, model } = values;
    const flat = await live(clips[0].path, { quick, minutes: minutes < 0.01 ? 0 : minutes, only, precision, model });
    if (!flat) fail('memory of one camera went beyond 400 MB, or grew by more than 20 MiB an hour');
  } else if (kind === 'speed') await speed({ clips, rounds: count(values.rounds, 3), withMien, model: values.model });
  else if (kind === 'pts' && !(await pts({ clips }))) fail('records and frames differ; see the table');
  else if (kind === 'memory') {
    const flat = await memory({ clip: clips[0], minutes: count(values.minutes, values.quick ? 3 : 30) });
    if (!flat) fail('memory grew by more than 15 % after the first minute, or beyond 700 MB');
  }
} catch (error) {
  fail(error.message);
}
