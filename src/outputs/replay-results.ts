import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { AffectError } from '../domain/errors.js';
import type { Insight } from '../domain/insight.js';
import type { FaceRecordJson } from '../domain/record-fields.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import { recordFromJson } from '../record/record-from-json.js';
import type { OpenedOutput } from './outputs.js';

/** Lines of a file of results as JSON. Throws INPUT_NOT_FOUND, and INPUT_DAMAGED with the line. */
async function* jsonLines(path: string): AsyncGenerator<unknown> {
  const input = createReadStream(path, 'utf8');
  let line = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      yield JSON.parse(text);
    }
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AffectError('INPUT_DAMAGED', `${path}:${line} is no JSON; analyse the video again with --overwrite`);
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AffectError('INPUT_NOT_FOUND', `${path} cannot be read (${code})`, { cause: error });
  } finally {
    input.destroy();
  }
}

/** Tells an output everything that `jsonl` holds of a run, but pictures and meshes: records, then episodes, then insights. */
export async function replayResults(base: string, output: OpenedOutput): Promise<void> {
  let batch: FaceRecord[] = [];
  for await (const json of jsonLines(`${base}.records.jsonl`)) {
    const record = recordFromJson(json as FaceRecordJson, null);
    if (batch[0] && batch[0].frame !== record.frame) {
      await output.records(batch);
      batch = [];
    }
    batch.push(record);
  }
  await output.records(batch);
  for await (const episode of jsonLines(`${base}.episodes.jsonl`)) await output.episode(episode as Episode);
  const insights = `${base}.insights.jsonl`;
  if (existsSync(insights))
    for await (const insight of jsonLines(insights)) await output.insight?.(insight as Insight, null);
}
