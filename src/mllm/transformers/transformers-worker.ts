/**
 * Worker entry of the in-process engine: a vision language model on @huggingface/transformers, whose runtime blocks the
 * thread it is on. Between two tokens it looks for messages, so that a batch can be cancelled.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import type { Model, Processor, TransformersLibrary } from './library.js';
import type { FromWorker, ToWorker, WorkerAnswer, WorkerQuestion, WorkerSettings } from './protocol.js';

const port = parentPort;
if (!port) throw new Error('transformers-worker runs only as a worker thread');
const settings = workerData as WorkerSettings;
const send = (message: FromWorker): void => port.postMessage(message);

interface Loaded {
  readonly library: TransformersLibrary;
  readonly processor: Processor;
  readonly model: Model;
}

async function load(): Promise<Loaded | null> {
  let library: TransformersLibrary;
  try {
    library = (await import(settings.packageName)) as TransformersLibrary;
  } catch {
    send({ type: 'failed-start', why: 'package' });
    return null;
  }
  try {
    const { env, AutoProcessor, AutoModelForImageTextToText } = library;
    env.allowRemoteModels = settings.allowDownload;
    const folder = resolve(settings.model);
    const isLocal = existsSync(folder);
    if (isLocal) env.localModelPath = `${dirname(folder)}/`;
    const name = isLocal ? basename(folder) : settings.model;
    const processor = await AutoProcessor.from_pretrained(name);
    const model = await AutoModelForImageTextToText.from_pretrained(name, {
      dtype: settings.dtype,
      device: settings.device,
      session_options: { extra: { session: { intra_op: { allow_spinning: '0' } } } },
    });
    return { library, processor, model };
  } catch {
    send({ type: 'failed-start', why: 'model' });
    return null;
  }
}

async function picture({ library }: Loaded, jpeg: Uint8Array | null): Promise<object> {
  const source =
    jpeg === null ? sharp({ create: { width: 8, height: 8, channels: 3, background: '#808080' } }) : sharp(jpeg);
  const { data, info } = await source.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return new library.RawImage(new Uint8ClampedArray(data), info.width, info.height, 3);
}

/** One true batch: all questions through the model together, each cut at its own length. */
async function answer(loaded: Loaded, questions: readonly WorkerQuestion[], stop: object): Promise<WorkerAnswer[]> {
  const { processor, model } = loaded;
  const texts = questions.map(({ system, user, prefill }) => {
    const content = [{ type: 'image' }, { type: 'text', text: system === null ? user : `${system}\n${user}` }];
    return processor.apply_chat_template([{ role: 'user', content }], { add_generation_prompt: true }) + prefill;
  });
  const images = await Promise.all(questions.map(({ jpeg }) => picture(loaded, jpeg)));
  const inputs = await processor(images, texts, { padding: true, add_special_tokens: false });
  const prompt = inputs.input_ids.dims[1]!;
  const longest = Math.max(...questions.map(({ maxTokens }) => maxTokens));
  const tokens = await model.generate({
    ...inputs,
    max_new_tokens: longest,
    do_sample: false,
    stopping_criteria: stop,
  });
  const width = tokens.dims[1]!;
  const ends = new Set([model.generation_config?.eos_token_id ?? []].flat().map(BigInt));
  return questions.map(({ maxTokens }, row) => {
    const all = Array.from(tokens.data.subarray(row * width + prompt, (row + 1) * width));
    const end = all.findIndex((token) => ends.has(token));
    const own = all.slice(0, Math.min(end < 0 ? all.length : end, maxTokens));
    return {
      text: processor.tokenizer.decode(own, { skip_special_tokens: true }),
      promptTokens: prompt,
      completionTokens: own.length,
      truncated: end < 0 || end > maxTokens,
    };
  });
}

const loaded = await load();
if (loaded !== null) {
  const cancelled = new Set<number>();
  let running: { readonly job: number; readonly stop: { interrupt(): void } } | null = null;
  let turn = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    if (message.type === 'close') process.exit(0);
    else if (message.type === 'cancel') {
      cancelled.add(message.job);
      if (running?.job === message.job) running.stop.interrupt();
    } else {
      turn = turn.then(async () => {
        if (!cancelled.has(message.job)) {
          const stop = new loaded.library.InterruptableStoppingCriteria();
          running = { job: message.job, stop };
          try {
            const answers = await answer(loaded, message.questions, stop);
            if (!cancelled.has(message.job)) send({ type: 'answers', job: message.job, answers });
          } catch {
            if (!cancelled.has(message.job)) send({ type: 'error', job: message.job });
          }
          running = null;
        }
        if (cancelled.delete(message.job)) send({ type: 'cancelled', job: message.job });
      });
    }
  });
  send({ type: 'ready' });
}
