import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { answerBatch, type Row, type RowEnd, type Speaker } from '../../../../src/mllm/mien-vlm/batch-answers.js';
import { CROP_PX, LANDMARK_VALUES } from '../../../../src/mllm/mien-vlm/face-input.js';
import { openGraphs } from '../../../../src/mllm/mien-vlm/graphs.js';
import { readRelease, SHIPPED } from '../../../../src/mllm/mien-vlm/release.js';
import { cropPattern } from '../../../../src/models/verify-answering.js';
import { landmarksPattern } from '../../../../src/models/verify-vector.js';

/** What the reference runtime (models/training/vlm/graphs.py) gives. */
const vector = JSON.parse(readFileSync(join(SHIPPED, 'vector.json'), 'utf8')) as {
  readonly questions: readonly string[];
  readonly questionTokens: readonly (readonly number[])[];
  readonly prefix: readonly (readonly number[])[];
  readonly firstLogits: readonly (readonly number[])[];
  readonly answerTokens: readonly (readonly number[])[];
  readonly answers: readonly string[];
  readonly tolerance: number;
};
const release = readRelease(SHIPPED);
const { tokenizer, config } = release;
const faces = vector.questions.map((_, at) => ({
  crop: cropPattern(vector.questions.length).subarray(at * CROP_PX ** 2, (at + 1) * CROP_PX ** 2),
  landmarks: landmarksPattern(vector.questions.length).subarray(at * LANDMARK_VALUES, (at + 1) * LANDMARK_VALUES),
}));

const firsts: Float32Array[] = [];
let speaker: Speaker;
beforeAll(async () => {
  const graphs = await openGraphs(release, 1);
  speaker = {
    shape: config,
    pad: tokenizer.special('<pad>'),
    end: tokenizer.special('<end>'),
    graphs: {
      encode: graphs.encode,
      async step(inputs) {
        const outputs = await graphs.step(inputs);
        if (inputs.past.length === 0) firsts.push(outputs.logits);
        return outputs;
      },
    },
  };
}, 60_000);

async function answered(indices: readonly number[]): Promise<readonly (RowEnd | undefined)[]> {
  const ends: (RowEnd | undefined)[] = [];
  const rows = indices.map(
    (index, at): Row => ({
      face: faces[index]!,
      prompt: [tokenizer.special('<ask>'), ...tokenizer.encode(vector.questions[index]!), tokenizer.special('<say>')],
      labels: null,
      longest: config.longestAnswer,
      wanted: () => true,
      onTokens: () => undefined,
      onEnd: (end) => {
        ends[at] = end;
      },
    }),
  );
  await answerBatch(speaker, rows);
  return ends;
}

const near = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  for (const [at, value] of expected.entries()) expect(Math.abs(actual[at]! - value)).toBeLessThan(vector.tolerance);
};

describe('the model that is shipped, against the reference runtime', () => {
  it('sees the same', async () => {
    const prefix = await speaker.graphs.encode(faces);
    for (const [at, row] of vector.prefix.entries()) near(prefix.subarray(at * config.prefix * config.width), row);
  });

  it('reads the same questions, expects the same and says the same, in one batch', async () => {
    expect(vector.questions.map((question) => tokenizer.encode(question))).toEqual(vector.questionTokens);
    firsts.length = 0;
    const ends = await answered([0, 1, 2]);
    const wide = firsts[0]!.length / 3;
    for (const [at, row] of vector.firstLogits.entries())
      near(firsts[0]!.subarray((at + 1) * wide - config.vocabulary), row);
    expect(ends.map((end) => end?.kind === 'words' && end.ids)).toEqual(vector.answerTokens);
    expect(ends.map((end) => end?.kind === 'words' && tokenizer.decode(end.ids))).toEqual(vector.answers);
  });

  it('says the same of each alone', async () => {
    for (const [index, ids] of vector.answerTokens.entries())
      expect(await answered([index])).toEqual([{ kind: 'words', ids, truncated: false }]);
  });
});
