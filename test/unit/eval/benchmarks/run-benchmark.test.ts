import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { EngineRequest, MllmEngine } from '../../../../src/domain/insight.js';
import { COMPOUND_EXPRESSIONS } from '../../../../src/domain/insight.js';
import {
  type Benchmark,
  compoundBenchmark,
  fabaBenchmark,
  feabenchBenchmark,
  ferbenchBenchmark,
} from '../../../../src/eval/benchmarks/benchmark.js';
import { benchmarkMarkdown } from '../../../../src/eval/benchmarks/benchmark-tables.js';
import { parseFerbenchFile } from '../../../../src/eval/benchmarks/ferbench-file.js';
import type { BenchmarkItem, CompoundItem, FabaItem, FeabenchItem } from '../../../../src/eval/benchmarks/items.js';
import { openPictures } from '../../../../src/eval/benchmarks/picture-source.js';
import {
  type BenchmarkResult,
  type RunBenchmarkOptions,
  runBenchmark,
} from '../../../../src/eval/benchmarks/run-benchmark.js';
import { MIEN_VLM_PROMPTS } from '../../../../src/mllm/mien-vlm/prompts.js';
import { AnsweringEngine } from '../../../support/answering-engine.js';
import { drawPicture, ferbenchWorld } from '../../../support/benchmark-world.js';
import { CAN_ALL, failure, priors, said } from '../../../support/mllm-builders.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();
const LABELS = ['angry', 'happy', 'sad'];

async function run<Item extends BenchmarkItem>(
  dir: string,
  benchmark: Benchmark<Item>,
  engine: MllmEngine,
  more: Partial<RunBenchmarkOptions<Item>> = {},
): Promise<BenchmarkResult> {
  return runBenchmark({
    benchmark,
    engine,
    pictures: await openPictures(dir),
    size: null,
    priors: null,
    journalPath: join(dir, 'answers.jsonl'),
    concurrency: 3,
    batch: 1,
    limit: null,
    mienVersion: '0.0.0',
    data: { lists: ['questions.json'], images: dir },
    signal: new AbortController().signal,
    ...more,
  });
}

async function ferbench(count = 12) {
  const dir = folder();
  await ferbenchWorld(dir, count, LABELS);
  const items = parseFerbenchFile(readFileSync(join(dir, 'questions.json'), 'utf8'), 'ferplus.json');
  return { dir, benchmark: ferbenchBenchmark(items), items };
}

/** The true label of the question, which this test's prompts number. */
const faceOf = (request: EngineRequest): number => Number(/Face (\d+)/.exec(request.user)![1]);
const truthOf = (request: EngineRequest): string => LABELS[faceOf(request) % LABELS.length]!;

/** It takes the mesh of a face beside the picture. */
const takingNumbers = (engine: AnsweringEngine): AnsweringEngine =>
  Object.assign(engine, { probe: async () => ({ ...CAN_ALL, numericPriors: 'mesh' as const }) });

describe('FERBench through the whole run', () => {
  it('an oracle scores 100, the first candidate the share of its class', async () => {
    const { dir, benchmark } = await ferbench();
    const oracle = new AnsweringEngine((request) =>
      said(`<think>it could be angry or sad</think><answer>${truthOf(request)}</answer>`),
    );
    const { report, items } = await run(dir, benchmark, oracle);
    expect(report.parts.map(({ part, strict }) => [part, ...strict])).toEqual([
      ['FERPlus', 100, 100, 100, 100],
      ['overall', 100, 100, 100, 100],
    ]);
    expect(report.parts[0]!.asPublished).toEqual([100, 100, 100, 100]);
    expect(items).toHaveLength(12);
    expect(items[4]).toMatchObject({ part: 'FERPlus', number: 5, truth: 'happy', read: 'happy', correct: true });

    const first = new AnsweringEngine(() => said('<answer>angry</answer>'), 'other');
    const again = await run(dir, benchmark, first, { journalPath: join(dir, 'other.jsonl') });
    const [accuracy, precision, recall, f1] = again.report.parts[0]!.strict;
    expect(accuracy).toBeCloseTo(100 / 3, 10);
    expect([precision, recall]).toEqual([100 / 9, 100 / 3].map((value) => expect.closeTo(value, 10)));
    expect(f1).toBeCloseTo(100 / 6, 10);
  });

  it('a model that was taught words of its own is asked in them, with the mesh, on the picture that was searched', async () => {
    const { dir, benchmark } = await ferbench(3);
    const engine = new AnsweringEngine(() => said('<answer>happy</answer>'));
    const mesh = new Float32Array(3).fill(0.25);
    const taught = takingNumbers(Object.assign(engine, { prompts: MIEN_VLM_PROMPTS }));
    const find = async () => ({ jpeg: Uint8Array.of(7), mesh, aspect: 1 });
    const { report } = await run(dir, benchmark, taught, { faces: { sendsSearched: true, find } });
    expect(report).toMatchObject({
      prompts: ['mien-vlm-question@1'],
      pictures: 'as searched for a face',
      priors: false,
      landmarks: { faceless: 0 },
    });
    expect(engine.asked).toHaveLength(3);
    for (const { user, evidence, images } of engine.asked) {
      expect(images).toEqual([Uint8Array.of(7)]);
      expect(user).toContain(`which one is the clearest on this face: ${LABELS.join(', ')}?`);
      expect(evidence).toEqual({ mesh, aspect: 1, actionUnits: null, pose: null, sharpness: null });
    }
  });

  it('numbers go with the picture of the benchmark to an engine that takes them, and to no other', async () => {
    const { dir, benchmark } = await ferbench(3);
    const mesh = new Float32Array(3).fill(0.25);
    let searched = 0;
    const find = async () => ({ jpeg: null, mesh: searched++ === 0 ? null : mesh, aspect: 1.25 });
    const faces = { sendsSearched: false, find };
    const engine = takingNumbers(new AnsweringEngine(() => said('<answer>happy</answer>')));
    const { report } = await run(dir, benchmark, engine, { faces, concurrency: 1, priors: async () => priors() });
    expect(report).toMatchObject({ pictures: '224x224', landmarks: { faceless: 1 } });
    expect(engine.asked.map(({ evidence }) => evidence?.mesh)).toEqual([null, mesh, mesh]);
    expect(engine.asked[0]!.evidence).toMatchObject({ aspect: 1.25, ...{ actionUnits: priors().actionUnits } });
    expect(engine.asked[0]!.images[0]!.length).toBeGreaterThan(100);

    const other = new AnsweringEngine(() => said('<answer>happy</answer>'), 'other');
    const untold = await run(dir, benchmark, other, { faces, journalPath: join(dir, 'other.jsonl') });
    expect(untold.report.landmarks).toBeNull();
    expect(other.asked.map(({ evidence }) => evidence)).toEqual([null, null, null]);
    expect(searched).toBe(3);
  });

  it.each<[string, readonly string[]]>([
    ['rafdb_qa.json', ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral']],
    ['affectnet_qa.json', ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt']],
  ])('%s: "Happy" is the answer to all 8 questions about happiness, in both ways of counting', async (file, labels) => {
    const dir = folder();
    await ferbenchWorld(dir, 8, ['happiness']);
    const questions = JSON.parse(readFileSync(join(dir, 'questions.json'), 'utf8')) as object[];
    const text = JSON.stringify(questions.map((question) => ({ ...question, candidate_labels: labels })));
    const engine = new AnsweringEngine(() => said('<answer>Happy</answer>'));
    const { report, items } = await run(dir, ferbenchBenchmark(parseFerbenchFile(text, file)), engine);
    expect(report.counts.unread).toBe(0);
    for (const { strict, asPublished } of report.parts) expect([strict[0], asPublished[0]]).toEqual([100, 100]);
    expect(items[0]).toMatchObject({ read: 'happiness', readAsPublished: 'happiness' });
  });

  it('as published each set is read by its own script, and overall by the script over all sets', async () => {
    const dir = folder();
    await ferbenchWorld(dir, 3, LABELS);
    const items = parseFerbenchFile(readFileSync(join(dir, 'questions.json'), 'utf8'), 'sfew_2.0_qa.json');
    const answer = (truth: string) => `<think>angry, sad or happy</think><answer>${truth}\nby the mouth</answer>`;
    const engine = new AnsweringEngine((request) => said(answer(truthOf(request))));
    const { report } = await run(dir, ferbenchBenchmark(items), engine);
    expect(report.parts.map(({ part, strict, asPublished }) => [part, strict[0], asPublished[0]])).toEqual([
      ['SFEW 2.0', 100, 100],
      ['overall', 100, expect.closeTo(100 / 3, 9)],
    ]);
  });

  it('asks in the question’s own words on 224 x 224 pixels, once per item, never more at once than allowed', async () => {
    const { dir, benchmark } = await ferbench();
    const engine = new AnsweringEngine(() => said('angry'), 'test-model', 4);
    await run(dir, benchmark, engine, { concurrency: 4 });
    expect(engine.asked).toHaveLength(12);
    expect(engine.mostUnderWay).toBe(4);
    const request = engine.asked.find((one) => faceOf(one) === 0);
    expect(request).toMatchObject({
      user: 'Face 0: which of angry, happy, sad?',
      system: null,
      form: { kind: 'words' },
      maxTokens: 1024,
    });
    const picture = await sharp(request!.images[0]).metadata();
    expect([picture.format, picture.width, picture.height]).toEqual(['jpeg', 224, 224]);
  });

  it('gives engines true batches', async () => {
    const { dir, benchmark } = await ferbench(10);
    const engine = new AnsweringEngine((request) => said(truthOf(request)));
    const { report } = await run(dir, benchmark, engine, { concurrency: 1, batch: 4 });
    expect(engine.batchSizes).toEqual([4, 4, 2]);
    expect(report.parts[0]!.strict[0]).toBe(100);
  });

  it('shows failed and unread answers in both ways of counting', async () => {
    const { dir, benchmark } = await ferbench(10);
    const engine = new AnsweringEngine((request) => {
      const face = faceOf(request);
      if (face < 2) return failure('timeout');
      return said(face === 2 ? 'I cannot tell.' : truthOf(request));
    });
    const { report, items } = await run(dir, benchmark, engine);
    expect(report.counts).toEqual({ items: 10, answered: 8, failed: 2, unread: 1, truncated: 0 });
    expect(report.failures).toEqual({ timeout: 2 });
    expect(report.parts[0]!.strict[0]).toBeCloseTo(70, 10);
    expect(report.parts[0]!.asPublished[0]).toBeCloseTo(700 / 8, 10);
    expect(items[0]).toMatchObject({ read: null, correct: false, answers: [], failure: 'timeout: test: timeout' });
    expect(items[2]).toMatchObject({ read: null, correct: false, answers: ['I cannot tell.'], failure: null });
  });

  it('gives up when all requests fail, and keeps what it has', async () => {
    const { dir, benchmark } = await ferbench(60);
    const engine = new AnsweringEngine((request, asked) =>
      asked <= 5 ? said(truthOf(request)) : failure('unreachable'),
    );
    await expect(run(dir, benchmark, engine)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringMatching(/32 requests in a row.*--resume/),
    });
    expect(engine.asked.length).toBeLessThan(45);
    const back = new AnsweringEngine((request) => said(truthOf(request)));
    const { report } = await run(dir, benchmark, back);
    expect(back.asked).toHaveLength(55);
    expect(report.parts[0]!.strict[0]).toBe(100);
  });

  it('takes at most so many of each part, evenly spread', async () => {
    const { dir, benchmark } = await ferbench(12);
    const engine = new AnsweringEngine((request) => said(truthOf(request)));
    const { report } = await run(dir, benchmark, engine, { limit: 4, concurrency: 1 });
    expect(engine.asked.map(faceOf)).toEqual([0, 3, 6, 9]);
    expect(report.data.limit).toBe(4);
  });

  it('tells measured priors when asked to', async () => {
    const { dir, benchmark } = await ferbench(3);
    const engine = new AnsweringEngine(() => said('sad'));
    const measured: string[] = [];
    const { report } = await run(dir, benchmark, engine, {
      priors: async (image) => {
        measured.push(image);
        return priors();
      },
    });
    expect(engine.asked.every(({ user }) => user.includes('AU12'))).toBe(true);
    expect(measured).toHaveLength(3);
    expect(report.priors).toBe(true);
  });

  it('names the pictures that are missing before it asks anything', async () => {
    const { dir, benchmark } = await ferbench(3);
    const items = benchmark.items.map((item) => ({ ...item, image: item.number === 2 ? 'gone.png' : item.image }));
    const engine = new AnsweringEngine(() => said('sad'));
    await expect(run(dir, ferbenchBenchmark(items), engine)).rejects.toThrow(
      /1 images.*gone\.png \(FERPlus 2\); check --images/,
    );
    expect(engine.asked).toEqual([]);
  });
});

describe('going on from answers', () => {
  it('asks only what is missing, and ends with the same report', async () => {
    const { dir, benchmark } = await ferbench(20);
    const answering = (request: EngineRequest) => said(faceOf(request) % 4 === 0 ? 'angry' : truthOf(request));
    const whole = await run(dir, benchmark, new AnsweringEngine(answering), { journalPath: join(dir, 'whole.jsonl') });

    const stop = new AbortController();
    const engine = new AnsweringEngine((request, asked) => {
      if (asked === 8) stop.abort();
      return answering(request);
    });
    await expect(run(dir, benchmark, engine, { signal: stop.signal, concurrency: 2 })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    const kept = readFileSync(join(dir, 'answers.jsonl'), 'utf8').trim().split('\n').length - 1;
    expect(kept).toBe(engine.asked.length);
    const rest = new AnsweringEngine(answering);
    const resumed = await run(dir, benchmark, rest);
    expect(rest.asked).toHaveLength(20 - kept);
    expect(resumed).toEqual(whole);

    const nothing = new AnsweringEngine(answering);
    expect(await run(dir, benchmark, nothing)).toEqual(whole);
    expect(nothing.asked).toEqual([]);
  });

  it('asks again what failed, and what is asked in other words or on other pictures', async () => {
    const { dir, benchmark } = await ferbench(4);
    await run(
      dir,
      benchmark,
      new AnsweringEngine((request) => (faceOf(request) === 1 ? failure('overloaded') : said('sad'))),
    );
    const again = new AnsweringEngine(() => said('sad'));
    const { report } = await run(dir, benchmark, again);
    expect(again.asked.map(faceOf)).toEqual([1]);
    expect(report.counts.failed).toBe(0);
    const smaller = new AnsweringEngine(() => said('sad'));
    await run(dir, benchmark, smaller, { size: { kind: 'square', sidePx: 112 } });
    expect(smaller.asked).toHaveLength(4);
  });

  it('survives a line cut off by a crash, also without its line feed alone', async () => {
    const { dir, benchmark } = await ferbench(4);
    const path = join(dir, 'answers.jsonl');
    const whole = await run(dir, benchmark, new AnsweringEngine(() => said('sad \u2028 or so')));
    for (const cut of [1, 30]) {
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.subarray(0, bytes.length - cut));
      const engine = new AnsweringEngine(() => said('sad \u2028 or so'));
      expect(await run(dir, benchmark, engine)).toEqual(whole);
      expect(engine.asked).toHaveLength(1);
    }
  });

  it.each<[string, (path: string) => void, string, RegExp]>([
    ['another model', () => {}, 'CONFIG_INVALID', /holds answers of test-model to ferbench, not of new-model/],
    [
      'a damaged line',
      (path) => appendFileSync(path, 'oops\n'),
      'INPUT_DAMAGED',
      /answers\.jsonl, line 4 is not an answer/,
    ],
    ['another file', (path) => writeFileSync(path, '{"a":1}\n'), 'INPUT_DAMAGED', /is not a file of answers/],
  ])('refuses %s', async (name, damage, code, message) => {
    const { dir, benchmark } = await ferbench(2);
    await run(dir, benchmark, new AnsweringEngine(() => said('sad')));
    damage(join(dir, 'answers.jsonl'));
    const engine = new AnsweringEngine(() => said('sad'), name === 'another model' ? 'new-model' : 'test-model');
    await expect(run(dir, benchmark, engine)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('scores and keeps the same bounded part of an endless answer', async () => {
    const { dir, benchmark } = await ferbench(1);
    const endless = `${'so '.repeat(400_000)}happy`;
    const { report, items } = await run(dir, benchmark, new AnsweringEngine(() => said(endless)));
    expect(items[0]!.answers[0]).toHaveLength(65_536);
    expect(report.counts).toMatchObject({ truncated: 1, unread: 1 });
  });
});

describe('FABA-Bench through the whole run', () => {
  const items: FabaItem[] = [
    {
      part: 'emotion',
      number: 1,
      image: 'a.png',
      reference: 'A happy face.',
      question: null,
      landmark: null,
      truth: { kind: 'emotion', emotion: 'happiness' },
    },
    {
      part: 'emotion',
      number: 2,
      image: 'b.png',
      reference: 'A stern face.',
      question: null,
      landmark: null,
      truth: { kind: 'emotion', emotion: 'anger' },
    },
    {
      part: 'action units',
      number: 1,
      image: 'a.png',
      reference: 'AU12 lifts.',
      question: null,
      landmark: null,
      truth: { kind: 'units', units: ['12'], unitsAsPublished: ['12'] },
    },
    {
      part: 'action units',
      number: 2,
      image: 'b.png',
      reference: 'AU4 falls.',
      question: null,
      landmark: null,
      truth: { kind: 'units', units: ['4'], unitsAsPublished: ['4'] },
    },
  ];

  it('REGE is accuracy or mean F1, and ROUGE-L', async () => {
    const dir = folder();
    await drawPicture(dir, 'a.png', 10);
    await drawPicture(dir, 'b.png', 20);
    const engine = new AnsweringEngine((request) =>
      said(request.user.includes('AUs') ? 'AU12 lifts.' : 'A happy face.'),
    );
    const benchmark = fabaBenchmark(items, 'rouge-score');
    const { report, items: records } = await run(dir, benchmark, engine, { concurrency: 1 });
    const [emotion, units] = report.parts;
    // ROUGE-L: 1 against the same text; 2 of 3 words, and 1 of 2 words ("AU4 falls": none).
    expect(emotion!.strict).toEqual(
      [50, 100 * ((1 + 2 / 3) / 2), 50 + 100 * ((1 + 2 / 3) / 2)].map((v) => expect.closeTo(v, 9)),
    );
    // AU12: one hit, one false alarm: 2/3; AU4: 0; twelve units, of which two are seen.
    expect(units!.strict.slice(0, 2)).toEqual([expect.closeTo((100 * (2 / 3)) / 12, 9), 50]);
    expect(units!.asPublished.slice(0, 2)).toEqual([expect.closeTo((100 * (2 / 3)) / 2, 9), 50]);
    expect(records.map(({ correct }) => correct)).toEqual([true, false, true, false]);
    expect(benchmarkMarkdown(report)).toMatch(
      /F1 of EmoLA \(results in EmoLA's repository.*\n.*\n\| AU1 \| 0\.00 \| 0\.00 \| 0\.00 \| 0 \| 0 \| 71\.48 \|/,
    );
    expect(report.prompts).toEqual(['faba-action-units@1', 'faba-emotion@1']);
    expect(engine.asked[0]!.user).toBe('What emotions are conveyed by this face?');
    expect((await sharp(engine.asked[0]!.images[0]).metadata()).width).toBe(40);
  });

  it('a text without an emotion word is wrong, and happiness as published; a failed one has no ROUGE-L', async () => {
    const dir = folder();
    await drawPicture(dir, 'a.png', 10);
    await drawPicture(dir, 'b.png', 20);
    const engine = new AnsweringEngine((_, asked) => (asked === 2 ? failure('refused', false) : said('Who knows.')));
    const { report } = await run(dir, fabaBenchmark(items.slice(0, 2), 'rouge'), engine, { concurrency: 1 });
    expect(report.parts[0]!.strict).toEqual([0, 0, 0]);
    expect(report.parts[0]!.asPublished[0]).toBe(100);
    expect(report.parts[0]!.counts).toMatchObject({ answered: 1, failed: 1, unread: 1 });
  });
});

describe('FABA-Bench as published and as mien reads', () => {
  const item = (number: number, emotion: 'happiness' | 'anger'): FabaItem => {
    return {
      part: 'emotion',
      number,
      image: 'a.png',
      reference: 'A face.',
      question: null,
      landmark: null,
      truth: { kind: 'emotion', emotion },
    };
  };

  it('an answer that ends EmoLA’s script with an error names no emotion there', async () => {
    const dir = folder();
    await drawPicture(dir, 'a.png', 10);
    const texts = ['The person appears happy', 'There is no joy! The face shows anger.'];
    const engine = new AnsweringEngine((_, asked) => said(texts[asked - 1]!));
    const benchmark = fabaBenchmark([item(1, 'happiness'), item(2, 'anger')], 'rouge');
    const { report, items: records } = await run(dir, benchmark, engine, { concurrency: 1 });
    expect([report.parts[0]!.strict[0], report.parts[0]!.asPublished[0]]).toEqual([100, 0]);
    expect(records.map(({ read, readAsPublished }) => [read, readAsPublished])).toEqual([
      ['happiness', null],
      ['anger', 'happiness'],
    ]);
  });

  it('a unit that all faces have and all answers claim is left out as published', async () => {
    const dir = folder();
    await drawPicture(dir, 'a.png', 10);
    const faces = [1, 2].map((number): FabaItem => {
      const units = number === 1 ? ['12', '25'] : ['25'];
      const truth = { kind: 'units', units, unitsAsPublished: units } as const;
      return {
        part: 'action units',
        number,
        image: 'a.png',
        reference: 'AU25.',
        question: null,
        landmark: null,
        truth,
      };
    });
    const engine = new AnsweringEngine(() => said('AU25 and AU12.'));
    const { report } = await run(dir, fabaBenchmark(faces, 'rouge'), engine);
    expect(report.parts[0]!.strict[0]).toBeCloseTo((100 * (1 + 2 / 3)) / 12, 9);
    expect(report.parts[0]!.asPublished[0]).toBeCloseTo((100 * 2) / 3, 9);
  });
});

describe('FEABench through the whole run', () => {
  const items: FeabenchItem[] = [
    { part: 'FEABench', number: 1, image: 'a.png', emotion: 'happiness', units: ['6', '12'] },
    { part: 'FEABench', number: 2, image: 'b.png', emotion: 'sadness', units: ['1', '15'] },
  ];

  it('asks the two questions of the paper, and reads seven classes', async () => {
    const dir = folder();
    await drawPicture(dir, 'a.png', 10);
    await drawPicture(dir, 'b.png', 20);
    const texts = [
      'The face looks happy.',
      'AU6 and AU12 are raised, AU4 is absent.',
      'The face shows contempt.',
      'The action units 1 and 4 are active.',
    ];
    const engine = new AnsweringEngine((_, asked) => said(texts[asked - 1]!));
    const { report, items: records } = await run(dir, feabenchBenchmark(items), engine, { concurrency: 1 });
    expect(engine.asked.slice(0, 2).map(({ user }) => user)).toEqual([
      'Please describe the expression in this face.',
      'Please describe the action units in this face.',
    ]);
    const [part] = report.parts;
    expect(part!.classification!.labels).toHaveLength(7);
    // AU6, AU12, AU1 right; AU15 missed, AU4 claimed: 3 of 12. By pattern: AU4 claimed of the first face, none of the second.
    expect(part!.strict).toEqual([50, 25]);
    expect(part!.asPublished).toEqual([50, expect.closeTo(200 / 12, 9)]);
    expect(records[1]).toMatchObject({
      read: { emotion: null, units: ['1', '4'] },
      readAsPublished: null,
      answers: texts.slice(2),
    });
  });
});

describe('compound expressions through the whole run', () => {
  const items: CompoundItem[] = [
    { part: 'RAF-DB', number: 1, image: 'a.png', truth: 'happily surprised' },
    { part: 'RAF-DB', number: 2, image: 'b.png', truth: 'sadly angry' },
  ];

  it('asks once, in the classes of the set', async () => {
    const dir = folder();
    await drawPicture(dir, 'a.png', 10);
    await drawPicture(dir, 'b.png', 20);
    const engine = new AnsweringEngine(() => said('Happy and surprised.'));
    const { report, items: records } = await run(dir, compoundBenchmark(items, COMPOUND_EXPRESSIONS), engine);
    expect(report.parts[0]!.strict).toEqual([expect.closeTo((100 * (2 / 3)) / 11, 9), 50]);
    expect(records[0]!.answers).toEqual(['Happy and surprised.']);
    expect(report.prompts).toEqual(['compound-raf-db@2']);
  });

  it('asks again what failed', async () => {
    const dir = folder();
    await drawPicture(dir, 'a.png', 10);
    const some = compoundBenchmark(items.slice(0, 1), COMPOUND_EXPRESSIONS.slice(0, 7));
    const failing = new AnsweringEngine(() => failure('timeout'));
    expect((await run(dir, some, failing)).report.counts.failed).toBe(1);
    const second = new AnsweringEngine(() => said('happily surprised'));
    const { report } = await run(dir, some, second);
    expect(second.asked.map(({ promptId }) => promptId)).toEqual(['compound-c-expr@2']);
    expect(report.parts[0]!.strict).toEqual([expect.closeTo(100 / 7, 9), 100]);
  });
});
