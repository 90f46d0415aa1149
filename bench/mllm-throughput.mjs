// Throughput of the language model stage against what it may have in flight: a scripted device at a stated cost, and a real server where one is named.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { batching, chatEngine } from './chat-engine.mjs';

const IN_FLIGHT = [1, 2, 4, 8, 16];
const COST = { stepMs: 40, pictureMs: 10, most: 16 };
/** Longest answer; real servers write as much of it as their model likes. */
const MAX_TOKENS = 32;

/** A picture of a face as the stage sends it. */
function facePicture(clip, folder) {
  const path = join(folder, 'face.jpg');
  const filter = "crop='min(iw,ih)':'min(iw,ih)',scale=336:336";
  const { status } = spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-frames:v', '1', '-vf', filter, path]);
  if (status !== 0) throw new Error(`ffmpeg found no picture in ${clip}`);
  return readFileSync(path);
}

/** Questions a second with at most `n` in flight, sent as batches of `n`. */
async function throughput({ engine, capabilities, jpeg, questions, n }) {
  const { MllmStage } = await import('../dist/mllm/mllm-stage.js');
  const { taskPrompts } = await import('../dist/mllm/prompts/presets.js');
  const { first } = taskPrompts('emotion');
  let [insights, dropped] = [0, 0];
  const stage = new MllmStage({
    engine: { ...port(engine), close: async () => undefined },
    capabilities,
    tasks: ['emotion'],
    prompts: { emotion: { first: { ...first, maxTokens: MAX_TOKENS }, next: null } },
    mode: 'offline',
    requestDeadlineMs: 600_000,
    batch: { maxItems: n },
    limiter: { min: n, max: n, start: n, slowMs: 600_000 },
    onInsight: () => {
      insights += 1;
    },
    onDrop: () => {
      dropped += 1;
    },
  });
  const started = performance.now();
  const priors = { emotions: null, actionUnits: null, covered: [], pose: null, sharpness: null };
  for (let frame = 0; frame < questions; frame++) {
    await stage.room();
    const at = { source: 'bench', track: 1, frame, ptsUs: frame * 1e6 };
    stage.offer({
      ...at,
      reason: 'interval',
      episode: null,
      priors,
      ordinal: frame,
      faceJpeg: jpeg,
      pictures: {},
      mesh: null,
    });
  }
  await stage.idle();
  const seconds = (performance.now() - started) / 1000;
  const { batches, lastFailure } = stage.stats;
  await stage.close();
  if (dropped > 0) throw new Error(`${dropped} of ${questions} questions got no answer: ${lastFailure}`);
  return { n, perSecond: insights / seconds, meanBatch: questions / batches };
}

const port = (engine) => ({
  id: engine.id,
  model: engine.model,
  probe: (signal) => engine.probe(signal),
  infer: (calls) => engine.infer(calls),
});

async function scaling({ url, model, jpeg, questions, rounds }) {
  const { createMllmEngine } = await import('../dist/app/mllm-engine.js');
  const choice = { type: 'openai', urls: [url], model, keyEnv: null, timeoutMs: 600_000 };
  const engine = createMllmEngine({ engine: choice });
  const capabilities = await engine.probe(new AbortController().signal);
  const rows = IN_FLIGHT.map((n) => ({ n, rates: [], meanBatch: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const { perSecond, meanBatch } = await throughput({ engine, capabilities, jpeg, questions, n: row.n });
      row.rates.push(perSecond);
      row.meanBatch = meanBatch;
    }
  }
  await engine.close();
  const best = (row) => Math.max(...row.rates);
  return rows.map((row) => ({
    n: row.n,
    perSecond: best(row),
    ofOne: best(row) / best(rows[0]),
    meanBatch: row.meanBatch,
  }));
}

/** What the scripted device could give: n questions cost stepMs + n * pictureMs. */
const ideal = (n) => (n * (COST.stepMs + COST.pictureMs)) / (COST.stepMs + n * COST.pictureMs);

function scalingTable(rows, withIdeal) {
  return [
    ['in flight and batch', 'questions/s', 'of 1', ...(withIdeal ? ['the device allows'] : []), 'mean batch sent'],
    ...rows.map(({ n, perSecond, ofOne, meanBatch }) => [
      n,
      perSecond.toFixed(1),
      ofOne.toFixed(2),
      ...(withIdeal ? [ideal(n).toFixed(2)] : []),
      meanBatch.toFixed(1),
    ]),
  ];
}

/** @returns titled tables: of the scripted device, and of a real server ({ url, model }) unless `engine` is null */
export async function throughputTables(clip, { folder, quick, engine }) {
  const jpeg = facePicture(clip, folder);
  const scripted = await chatEngine();
  scripted.mode(batching(COST));
  const rounds = quick ? 1 : 3;
  const device = await scaling({ url: scripted.url, model: 'scripted', jpeg, questions: quick ? 48 : 192, rounds });
  await scripted.kill();
  const tables = [
    {
      title: `Throughput of the stage against a scripted device: a step costs ${COST.stepMs} ms, and ${COST.pictureMs} ms for each picture in it`,
      cells: scalingTable(device, true),
      rows: device,
    },
  ];
  if (engine === null) return tables;
  const real = await scaling({ ...engine, jpeg, questions: quick ? 16 : 48, rounds: quick ? 1 : 2 });
  const title = `Throughput of the stage against a real server, ${MAX_TOKENS} tokens at most`;
  return [...tables, { title, cells: scalingTable(real, false), rows: real }];
}
