/**
 * Worker entry of mien-vlm. onnxruntime-node blocks the thread it is on, so the model has one of its own. Between two
 * tokens it looks for messages, so that a question can be given up.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { errorWords } from '../../domain/errors.js';
import { answerBatch, type Row, type RowEnd, type Speaker } from './batch-answers.js';
import { faceInput } from './face-input.js';
import { openGraphs } from './graphs.js';
import { prepareRow } from './prepare-row.js';
import type { FromVlmWorker, ToVlmWorker, VlmQuestion, VlmWorkerSettings } from './protocol.js';
import { type Release, readRelease } from './release.js';

const port = parentPort;
if (!port) throw new Error('vlm-worker runs only as a worker thread');
const { folder, intraOpThreads } = workerData as VlmWorkerSettings;
const send = (message: FromVlmWorker): void => port.postMessage(message);

/** Questions in one batch at most: on one thread more do not make it quicker, and each waits for all. */
const BATCH = 8;

async function load(): Promise<{ release: Release; speaker: Speaker } | null> {
  try {
    const release = readRelease(folder);
    const { tokenizer, config } = release;
    const graphs = await openGraphs(release, intraOpThreads);
    return {
      release,
      speaker: { graphs, shape: config, pad: tokenizer.special('<pad>'), end: tokenizer.special('<end>') },
    };
  } catch (error) {
    send({ type: 'failed-start', message: errorWords(error) });
    return null;
  }
}

/** A question as a row of a batch; null when it is refused, which is told. */
async function rowOf(job: number, question: VlmQuestion, release: Release): Promise<Row | null> {
  const prepared = prepareRow(question, release);
  const refuse = (message: string): null => {
    send({ type: 'refused', job, message });
    return null;
  };
  if (typeof prepared === 'string') return refuse(prepared);
  if (question.jpeg === null) return refuse('it has no picture of a face');
  const face = await faceInput(question.jpeg, question.mesh, release.config.alignment).catch(() => null);
  if (face === null) return refuse('its picture cannot be decoded');
  const { tokenizer } = release;
  return {
    ...prepared,
    face,
    wanted: () => waiting.has(job),
    onTokens(ids) {
      if (question.tells) send({ type: 'text', job, soFar: tokenizer.decode(ids, { unfinished: true }) });
    },
    onEnd(end) {
      waiting.delete(job);
      send({ type: 'answer', job, answer: answerOf(end, { question, prompt: prepared.prompt.length, release }) });
    },
  };
}

function answerOf(
  end: RowEnd,
  { question, prompt, release }: { question: VlmQuestion; prompt: number; release: Release },
): Extract<FromVlmWorker, { type: 'answer' }>['answer'] {
  const promptTokens = release.config.prefix + prompt;
  if (end.kind === 'words') {
    const { ids, truncated } = end;
    const text = release.tokenizer.decode(ids);
    return { text, labelProbabilities: null, promptTokens, completionTokens: ids.length, truncated };
  }
  const labels = question.labels!;
  const best = labels[end.probabilities.indexOf(Math.max(...end.probabilities))]!;
  const labelProbabilities = Object.fromEntries(labels.map((label, at) => [label, end.probabilities[at]!]));
  return { text: best, labelProbabilities, promptTokens, completionTokens: 1, truncated: false };
}

/** Questions that are not answered yet; one that is taken out of here is given up. */
const waiting = new Map<number, VlmQuestion>();
const begun = new Set<number>();
let busy = false;

/** Answers what waits, a batch after the other: whatever came meanwhile, of all cameras and faces, goes together. */
async function work({ release, speaker }: { release: Release; speaker: Speaker }): Promise<void> {
  if (busy) return;
  busy = true;
  for (;;) {
    const jobs = [...waiting].filter(([job]) => !begun.has(job)).slice(0, BATCH);
    if (jobs.length === 0) break;
    for (const [job] of jobs) begun.add(job);
    const rows = await Promise.all(jobs.map(([job, question]) => rowOf(job, question, release)));
    const good = rows.filter((row) => row !== null);
    try {
      if (good.length > 0) await answerBatch(speaker, good);
    } catch {
      for (const [job] of jobs) if (waiting.has(job)) send({ type: 'error', job });
    }
    for (const [job] of jobs) {
      waiting.delete(job);
      begun.delete(job);
    }
  }
  busy = false;
}

const loaded = await load();
if (loaded !== null) {
  port.on('message', (message: ToVlmWorker) => {
    if (message.type === 'crash') throw new Error('asked to crash');
    if (message.type === 'close') process.exit(0);
    else if (message.type === 'cancel') waiting.delete(message.job);
    else {
      waiting.set(message.job, message.question);
      // What was posted at the same time comes in the same turn: it goes into the same batch.
      setImmediate(() => void work(loaded));
    }
  });
  send({ type: 'ready' });
}
