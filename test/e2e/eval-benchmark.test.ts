import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, expect, it } from 'vitest';
import { drawPicture, ferbenchWorld } from '../support/benchmark-world.js';
import { ffmpeg } from '../support/make-video.js';
import { besidesProgress, runCli } from '../support/run-cli.js';
import {
  type ChatBody,
  completion,
  refuses,
  ScriptedChatServer,
  says,
  sendJson,
} from '../support/scripted-chat-server.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const LABELS = ['angry', 'happy', 'sad'];
const servers: ScriptedChatServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** All text of a question. */
const textOf = (body: ChatBody): string => JSON.stringify(body.messages);
/** The face a FERBench question of this test is about; null for the engine's own probing. */
const faceOf = (body: ChatBody): number | null => {
  const number = /Face (\d+)/.exec(textOf(body))?.[1];
  return number === undefined ? null : Number(number);
};

/** A server that answers questions by a function of their text. */
async function serve(answer: (text: string, body: ChatBody) => string): Promise<ScriptedChatServer> {
  const server = new ScriptedChatServer(({ body, response }) =>
    sendJson(response, 200, completion(answer(textOf(body), body))),
  );
  servers.push(server);
  return server.start();
}

const oracle = (_: string, body: ChatBody): string => {
  const face = faceOf(body);
  return face === null ? 'yes' : `<think>Lips and brows.</think>\n<answer>${LABELS[face % 3]}</answer>`;
};

const report = (out: string) => JSON.parse(readFileSync(join(out, 'eval.json'), 'utf8'));
const engine = (server: ScriptedChatServer): string[] => ['--mllm-url', server.url, '--mllm-model', 'tiny'];

it('FERBench over HTTP: exact accuracy, a table beside the paper’s number, a picture, a line per item', async () => {
  const dir = folder();
  await ferbenchWorld(dir, 9, LABELS);
  const out = join(dir, 'out');
  const server = await serve((text, body) => (faceOf(body) === 4 ? '<answer>sad</answer>' : oracle(text, body)));
  const { code, stdout, stderr } = await runCli([
    ...['eval', 'ferbench-mllm', '--questions', join(dir, 'questions.json'), '--images', dir, '--out', out],
    ...engine(server),
  ]);
  expect([code, besidesProgress(stderr)]).toEqual([0, '']);
  expect(stdout).toContain('9 items, 9 answered, 0 failed, 0 unread');
  expect(report(out)).toMatchObject({ schema: 'mien-benchmark/1', benchmark: 'ferbench', pictures: '224x224' });
  expect(report(out).parts[1].strict[0]).toBeCloseTo(800 / 9, 10);
  expect(readFileSync(join(out, 'eval.md'), 'utf8')).toMatch(/\| UniFER-7B, all four sets \| 68\.84 \|.*UniFER, 2025/);
  expect((await sharp(join(out, 'eval.png')).metadata()).width).toBeGreaterThan(1000);
  const items = readFileSync(join(out, 'items.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(items.map(({ correct }) => correct)).toEqual([true, true, true, true, false, true, true, true, true]);
});

it('Ctrl-C leaves a state that --resume goes on from, with the result of one run', async () => {
  const dir = folder();
  await ferbenchWorld(dir, 12, LABELS);
  const args = [
    'eval',
    'ferbench-mllm',
    '--questions',
    join(dir, 'questions.json'),
    '--images',
    dir,
    '--concurrency',
    '1',
  ];
  const whole = await serve(oracle);
  expect((await runCli([...args, ...engine(whole), '--out', join(dir, 'whole')])).code).toBe(0);

  let interrupt = (): void => undefined;
  let asked = 0;
  const server = new ScriptedChatServer(({ body, response }) => {
    if (faceOf(body) !== null) asked += 1;
    if (asked === 6) return interrupt(); // this one and later ones get no answer
    if (asked < 6) sendJson(response, 200, completion(oracle('', body)));
  });
  servers.push(await server.start());
  const out = join(dir, 'out');
  const stopped = await runCli([...args, ...engine(server), '--out', out], (kill) => {
    interrupt = () => kill('SIGINT');
  });
  expect(stopped.code).toBe(130);
  expect(besidesProgress(stopped.stderr)).toMatch(/^mien: stopped after \d+ of 12 items; .*--resume goes on\n$/);
  expect(existsSync(join(out, 'eval.json'))).toBe(false);
  const again = await runCli([...args, ...engine(whole), '--out', out]);
  expect([again.code, again.stderr]).toEqual([7, expect.stringContaining('--resume')]);

  const before = whole.bodies.length;
  const resumed = await runCli([...args, ...engine(whole), '--out', out, '--resume']);
  expect([resumed.code, besidesProgress(resumed.stderr)]).toEqual([0, '']);
  const kept = 12 - whole.bodies.slice(before).filter((body) => faceOf(body) !== null).length;
  expect(kept).toBe(5);
  expect(report(out)).toEqual(report(join(dir, 'whole')));
  expect(readFileSync(join(out, 'items.jsonl'))).toEqual(readFileSync(join(dir, 'whole', 'items.jsonl')));
});

it('counts what the server refuses as failed, in both ways of counting, and asks for it again', async () => {
  const dir = folder();
  await ferbenchWorld(dir, 6, LABELS);
  const out = join(dir, 'out');
  const server = new ScriptedChatServer((exchange) =>
    faceOf(exchange.body) === 2 ? refuses(400)(exchange) : says(oracle('', exchange.body))(exchange),
  );
  servers.push(await server.start());
  const args = ['eval', 'ferbench-mllm', '--questions', join(dir, 'questions.json'), '--images', dir, '--out', out];
  const { code } = await runCli([...args, ...engine(server)]);
  expect(code).toBe(0);
  expect(report(out)).toMatchObject({ counts: { items: 6, answered: 5, failed: 1 }, failures: { refused: 1 } });
  expect([report(out).parts[0].strict[0], report(out).parts[0].asPublished[0]]).toEqual([
    expect.closeTo(500 / 6, 9),
    100,
  ]);
  server.script = (exchange) => says(oracle('', exchange.body))(exchange);
  expect((await runCli([...args, ...engine(server), '--resume'])).code).toBe(0);
  expect(report(out).counts).toMatchObject({ answered: 6, failed: 0 });
});

/** Numbers of each part of a benchmark: what it is called, then the strict ones. */
async function measured(server: ScriptedChatServer, out: string, kind: string, ...args: string[]) {
  const { code, stderr } = await runCli(['eval', kind, ...args, '--out', out, ...engine(server)]);
  expect([code, besidesProgress(stderr)], kind).toEqual([0, '']);
  return report(out).parts.map(({ part, strict }: { part: string; strict: number[] }) => [part, ...strict]);
}

const near = (value: number) => expect.closeTo(value, 4);

it('FABA-Bench and FEABench from their published layouts', async () => {
  const dir = folder();
  const data = join(dir, 'data');
  for (const [index, name] of ['faces/1.png', 'faces/2.png'].entries()) await drawPicture(data, name, 40 * index);
  const faba = join(data, 'FABAInstruct', 'eval');
  mkdirSync(faba, { recursive: true });
  const face = (number: number, label: string, gpt4: string) => ({
    image: `faces/${number}.png`,
    label,
    gpt4,
    landmark: `${number}.npy`,
  });
  writeFileSync(
    join(faba, 'eval_emotion_anno.json'),
    JSON.stringify([
      face(1, 'Happiness', 'The face looks happy.'),
      face(2, 'Sadness', 'The face looks sad and full of anguish.'),
    ]),
  );
  writeFileSync(join(faba, 'eval_au_anno.json'), JSON.stringify([face(1, '6, 12', 'AU6 and AU12 lift the cheeks.')]));
  const feabench = join(data, 'feabench.json');
  writeFileSync(feabench, JSON.stringify([{ image: 'faces/1.png', emotion: 'happiness', action_units: '6, 12' }]));
  const server = await serve((text) => {
    if (text.includes('What emotions')) return 'The face looks happy.';
    if (text.includes('What AUs')) return 'AU6 and AU12 lift the cheeks.';
    return '{"summary":"Glad.","movement":"Up.","action_units":[6,12],"reasoning":"So.","emotion":"happiness"}';
  });
  // The first text is its reference; the second shares "The face looks" of the 5 and 8 different words.
  const second = (2 * (3 / 4) * (3 / 8)) / (3 / 4 + 3 / 8);
  expect(await measured(server, join(dir, 'faba'), 'faba', data)).toEqual([
    ['emotion', 50, near(50 * (1 + second)), near(50 + 50 * (1 + second))],
    ['action units', near(100 * (2 / 12)), near(100), near(100 + 100 * (2 / 12))],
  ]);
  const labels = ['--annotations', feabench, '--images', data];
  expect(await measured(server, join(dir, 'feabench'), 'feabench', ...labels)).toEqual([
    ['FEABench', 100, near(100 * (2 / 12))],
  ]);
});

it('compound expressions from the published layouts of RAF-DB and C-EXPR-DB', async () => {
  const dir = folder();
  const labels = join(dir, 'compound', 'EmoLabel');
  mkdirSync(labels, { recursive: true });
  writeFileSync(join(labels, 'list_patition_label.txt'), 'train_0001.png 2\ntest_0001.png 1\n');
  await drawPicture(join(dir, 'compound', 'Image', 'aligned'), 'test_0001_aligned.png', 90);
  const list = join(dir, 'list.txt');
  writeFileSync(list, 'test_0001.png 2\n');
  const videos = join(dir, 'videos');
  mkdirSync(videos);
  writeFileSync(join(videos, 'one.txt'), 'header\n2\n7\n');
  await drawPicture(join(dir, 'cropped'), 'one/00001.jpg', 60);

  const server = await serve(() => '<answer>happily surprised</answer>');
  const raf = [server, join(dir, 'raf'), 'cer-raf-db', dir] as const;
  expect(await measured(...raf, '--split', 'test')).toEqual([['RAF-DB', near(100 / 11), 100]]);
  // A list by name goes with the pictures of the folder.
  expect(await measured(...raf, '--annotations', list, '--overwrite')).toEqual([['RAF-DB', 0, 0]]);
  const cexpr = [server, join(dir, 'cexpr'), 'cer-c-expr-db', videos] as const;
  expect(await measured(...cexpr, '--images', join(dir, 'cropped'))).toEqual([['C-EXPR-DB', 0, 0]]);
});

it('tells the model what mien measured with --priors on', async () => {
  const dir = folder();
  await ferbenchWorld(dir, 1, LABELS);
  const server = await serve(oracle);
  const args = ['eval', 'ferbench-mllm', '--questions', join(dir, 'questions.json'), '--images', dir, '--priors', 'on'];
  const { code, stderr } = await runCli([...args, '--out', join(dir, 'out'), ...engine(server)]);
  expect([code, besidesProgress(stderr)]).toEqual([0, '']);
  // A plain picture shows no face: nothing was measured, so nothing is told.
  expect(report(join(dir, 'out')).priors).toBe(true);
  expect(
    server.bodies
      .filter((body) => faceOf(body) !== null)
      .map(textOf)
      .join(),
  ).not.toContain('Measured');
});

it('sends the landmarks of each face to a model that takes them, unless --landmarks off', async () => {
  const dir = folder();
  await ferbenchWorld(dir, 2, LABELS);
  const questions = join(dir, 'questions.json');
  const [first] = JSON.parse(readFileSync(questions, 'utf8')) as { image_path: string }[];
  const clip = fileURLToPath(new URL('../fixtures/demo/step-smile.mp4', import.meta.url));
  ffmpeg('-y', '-i', clip, '-frames:v', '1', join(dir, first!.image_path));
  const server = await serve(oracle);
  server.models = { data: [{ id: 'tiny', mien: { landmarks: 212 } }] };
  const landmarks = async (out: string, ...more: string[]): Promise<number[][]> => {
    const args = ['eval', 'ferbench-mllm', '--questions', questions, '--images', dir, '--out', join(dir, out)];
    const from = server.bodies.length;
    const { code, stderr } = await runCli([...args, ...more, ...engine(server)]);
    expect([code, besidesProgress(stderr)]).toEqual([0, '']);
    const bodies = server.bodies.slice(from).sort((a, b) => (faceOf(a) ?? -1) - (faceOf(b) ?? -1));
    return bodies
      .filter((body) => faceOf(body) !== null)
      .map(({ mien }) => (mien as { landmarks: number[][] }).landmarks[0]!);
  };
  const none = new Array(212).fill(0);
  const [face, plain] = await landmarks('with');
  expect([face!.length, plain]).toEqual([212, none]);
  // The upper lip is above the lower one, and both below the eyes.
  const y = (point: number): number => face![2 * point + 1]!;
  expect(y(71)).toBeLessThan(y(53));
  expect(y(38)).toBeLessThan(y(71));
  expect(report(join(dir, 'with')).landmarks).toEqual({ faceless: 1 });
  expect(readFileSync(join(dir, 'with', 'eval.md'), 'utf8')).toContain('landmarks sent (no face found in 1 pictures)');
  expect(await landmarks('without', '--landmarks', 'off')).toEqual([none, none]);
  expect(report(join(dir, 'without')).landmarks).toBeNull();
});

it('asks each part of FABA-Bench of the adapter of its task, and again when the adapter is another', async () => {
  const dir = folder();
  await drawPicture(join(dir, 'faces'), 'a.jpg', 1);
  const item = { image: 'a.jpg', label: 'Happiness', gpt4: 'A smile.', landmark: 'a.npy' };
  const files = { emotions: [item], units: [{ ...item, label: '6, 12' }] };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(dir, `${name}.json`), JSON.stringify(content));
  const server = await serve(() => 'AU12: happiness.');
  server.models = { data: ['tiny', 'for-emotion', 'for-units', 'other'].map((id) => ({ id })) };
  const asked = async (...more: string[]): Promise<string[]> => {
    const lists = ['--emotions', join(dir, 'emotions.json'), '--units', join(dir, 'units.json')];
    const args = ['eval', 'faba', ...lists, '--images', join(dir, 'faces'), '--out', join(dir, 'out'), ...more];
    const from = server.bodies.length;
    const { code, stderr } = await runCli([...args, ...engine(server), '--mllm-adapter', 'action-units=for-units']);
    expect([code, besidesProgress(stderr)]).toEqual([0, '']);
    return server.bodies
      .slice(from)
      .filter((body) => textOf(body).includes('conveyed by this face'))
      .map(({ model }) => model)
      .sort();
  };
  expect(await asked('--mllm-adapter', 'emotion=for-emotion')).toEqual(['for-emotion', 'for-units']);
  expect(report(join(dir, 'out')).engine).toMatchObject({
    model: 'tiny',
    adapters: { emotion: 'for-emotion', 'action-units': 'for-units' },
  });
  expect(await asked('--resume', '--mllm-adapter', 'emotion=other')).toEqual(['other']);
});

it.each([
  ['mood=x', /expected a task and a model, like emotion=NAME; tasks are emotion, action-units/],
  ['emotion=', /expected a task and a model/],
])('--mllm-adapter %s is told what to write', async (word, message) => {
  const { code, stderr } = await runCli(['eval', 'faba', 'x', '--mllm-adapter', word]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});

it.each<[string, (dir: string, url: string) => string[], number, RegExp]>([
  [
    'an adapter that is not served',
    (dir, url) => [
      ...['ferbench-mllm', '--questions', join(dir, 'questions.json'), '--images', dir],
      ...['--mllm-url', url, '--mllm-model', 'tiny', '--mllm-adapter', 'question=none'],
    ],
    12,
    /no model "none" for question is served; there are: tiny/,
  ],
  [
    'an adapter of a model in this process',
    () => ['faba', 'x', '--mllm-engine', 'mien-vlm', '--mllm-adapter', 'emotion=x'],
    2,
    /--mllm-adapter goes with --mllm-url/,
  ],
  ['no engine', () => ['faba', 'x'], 2, /asks a multimodal LLM: name it with --mllm-url/],
  ['no model', (_, url) => ['ferbench-mllm', '--mllm-url', url], 2, /needs --mllm-model NAME/],
  [
    'two engines',
    (_, url) => ['faba', 'x', '--mllm-engine', 'transformers', '--mllm-url', url, '--mllm-model', 'tiny'],
    2,
    /choose --mllm-url or --mllm-engine transformers, not both/,
  ],
  [
    'no folder',
    () => ['faba', 'x', '--mllm-engine', 'transformers'],
    2,
    /--mllm-engine transformers needs --mllm-model DIR/,
  ],
  [
    'no address',
    () => ['faba', 'x', '--mllm-engine', 'openai', '--mllm-model', 'x'],
    2,
    /--mllm-engine openai needs --mllm-url URL/,
  ],
  [
    'a key for no server',
    () => ['cer-raf-db', 'x', '--mllm-engine', 'transformers', '--mllm-model', 'x', '--mllm-key-env', 'K'],
    2,
    /has no key/,
  ],
  [
    'a model that is not there',
    (dir) => [
      ...['ferbench-mllm', '--questions', join(dir, 'questions.json'), '--images', dir],
      ...['--mllm-engine', 'transformers', '--mllm-model', join(dir, 'no-model')],
    ],
    12,
    /mllm engine "transformers": the (package|model) .*/,
  ],
  [
    'no questions',
    (_, url) => ['ferbench-mllm', '--mllm-url', url, '--mllm-model', 'tiny'],
    2,
    /needs --questions FILE\.json/,
  ],
  [
    'a folder without lists',
    (dir, url) => ['faba', dir, '--mllm-url', url, '--mllm-model', 'tiny'],
    2,
    /has no FABAInstruct/,
  ],
  [
    'a list that leaves its folder',
    (dir, url) => ['ferbench-mllm', '--questions', join(dir, 'bad.json'), '--mllm-url', url, '--mllm-model', 'tiny'],
    2,
    /question 1: image_path: "..\/secret\.png" leaves the folder of images/,
  ],
  [
    'missing pictures',
    (dir, url) => ['ferbench-mllm', '--questions', join(dir, 'gone.json'), '--mllm-url', url, '--mllm-model', 'tiny'],
    3,
    /1 images are not in the folder of images: set\/angry\/face-7\.png \(gone 1\)/,
  ],
  [
    'a key that is not set',
    (dir, url) => [
      'ferbench-mllm',
      '--questions',
      join(dir, 'gone.json'),
      '--mllm-url',
      url,
      '--mllm-model',
      'tiny',
      '--mllm-key-env',
      'MIEN_TEST_NO_KEY',
    ],
    12,
    /MIEN_TEST_NO_KEY/,
  ],
  [
    'no server',
    (dir) => [
      'ferbench-mllm',
      '--questions',
      join(dir, 'questions.json'),
      '--images',
      dir,
      '--mllm-url',
      'http://127.0.0.1:9/v1',
      '--mllm-model',
      'tiny',
    ],
    15,
    /^mien: /,
  ],
  [
    'a timeout for no server',
    () => ['faba', 'x', '--mllm-engine', 'transformers', '--mllm-model', 'x', '--timeout', '5'],
    2,
    /--timeout goes with --mllm-url/,
  ],
])('ends with one line and its exit code: %s', async (_, args, exitCode, message) => {
  const dir = folder();
  await ferbenchWorld(dir, 1, LABELS);
  const question = (path: string) =>
    JSON.stringify([{ image_path: path, true_label: 'angry', prompt: 'Which?', candidate_labels: LABELS }]);
  writeFileSync(join(dir, 'bad.json'), question('../secret.png'));
  writeFileSync(join(dir, 'gone.json'), question('/set/angry/face-7.png'));
  const server = await serve(oracle);
  const { code, stderr } = await runCli(['eval', ...args(dir, server.url), '--out', join(dir, 'out')]);
  expect(stderr).toMatch(/^mien: [^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect(code).toBe(exitCode);
});
