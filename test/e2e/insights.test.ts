import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InsightMessage } from '../../src/client/index.js';
import type { Insight } from '../../src/domain/insight.js';
import { insightRecord } from '../../src/protocol/insight-schema.js';
import { DEMO, runCliAside } from '../support/run-cli.js';
import {
  type Exchange,
  keepsSilent,
  refuses,
  type Script,
  ScriptedChatServer,
  says,
} from '../support/scripted-chat-server.js';
import { configOf, serveForTest } from '../support/serve-fixture.js';

const SMILE = join(DEMO, 'step-smile.mp4');
/** Answers 250 times later than frames come. */
const late: Script = (exchange) => {
  setTimeout(() => void says(ANSWER)(exchange), 10_000).unref();
};
/** Claims a raised corner of the mouth and a lowered brow; has what could break a line, a cue or a page. */
const ANSWER = JSON.stringify({
  summary: 'A broad smile --> <b>really</b>.',
  movement: 'The corners of the mouth rise.',
  action_units: ['AU12', 'AU4'],
  reasoning: 'Raised corners.',
  emotion: 'happiness',
});

let dir: string;
let chat: ScriptedChatServer;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mien-insights-'));
});
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(async () => {
  chat = await new ScriptedChatServer(says(ANSWER)).start();
});
afterEach(() => chat.stop());

const read = (out: string, ending: string): string =>
  readFileSync(join(dir, out, 'step-smile', `step-smile.${ending}`), 'utf8');
const linesOf = <T>(out: string, ending: string): T[] =>
  read(out, ending)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const analyze = (out: string, ...more: readonly string[]) =>
  runCliAside(['analyze', SMILE, '--out', join(dir, out), '--formats', 'jsonl,webvtt', '--lanes', '1', ...more]);
const asked = () => ['--mllm-url', chat.url, '--mllm-model', 'tiny'];

describe('mien analyze --words', () => {
  it('says what the face shows, printed and in files, from the measurements alone, and leaves the rest as it is', async () => {
    const run = await analyze('words', '--words');
    expect(run, run.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^ {4}face 1 at \d+\.\d s: The expression is /m);
    expect(run.stdout).toContain('by a template, not by a model');
    const insights = linesOf<Insight>('words', 'insights.jsonl');
    expect(insights.length).toBeGreaterThanOrEqual(2);
    for (const insight of insights) {
      expect(insightRecord.parse(insight)).toEqual(insight);
      expect(insight).toMatchObject({ engine: 'measured', agreesWithMeasured: null, fused: null, parsed: 'json' });
      expect(insight.check.told).toEqual(insight.claimedActionUnits);
    }
    // The clip smiles at its middle.
    const smile = insights.find(({ emotion }) => emotion === 'happiness')!;
    expect(smile.description).toMatch(/one of happiness \(\d+ %\).*\(AU12, /);
    expect(smile.reasoning).toMatch(/AU12 speaks? for happiness|AU6 and AU12 speak for happiness/);
    expect(read('words', 'captions.vtt')).toContain('Person 1, in words: The expression is');
    const plain = await analyze('silent');
    expect(plain.stdout).not.toContain('The expression');
    for (const ending of ['records.jsonl', 'episodes.jsonl'])
      expect(read('words', ending)).toBe(read('silent', ending));
    expect(existsSync(join(dir, 'silent', 'step-smile', 'step-smile.insights.jsonl'))).toBe(false);
    expect(chat.bodies).toEqual([]);
  });

  it('speaks of movements alone where no emotion is inferred', async () => {
    const run = await analyze('movements', '--words', '--mode', 'au-only');
    expect(run, run.stderr).toMatchObject({ code: 0, stderr: '' });
    for (const insight of linesOf<Insight>('movements', 'insights.jsonl'))
      expect(insight).toMatchObject({ task: 'action-units', emotion: null, reasoning: null });
    expect(run.stdout).not.toMatch(/happiness|neutral/);
  });

  it('refuses what belongs to a model', async () => {
    expect(await analyze('x', '--mllm-engine', 'measured', '--mllm-model', 'm')).toMatchObject({ code: 2 });
    const run = await analyze('x', '--words', '--mllm-task', 'compound');
    expect(run).toMatchObject({ code: 12, stderr: expect.stringContaining('choose from describe, action-units') });
  });
});

describe('mien analyze --mllm-url', () => {
  it('writes insights in order of media time, checked against what was measured, and leaves the rest as it is', async () => {
    const run = await analyze('asked', ...asked());
    expect(run, run.stderr).toMatchObject({ code: 0, stderr: '' });
    const insights = linesOf<Insight>('asked', 'insights.jsonl');
    expect(insights.length).toBeGreaterThanOrEqual(2);
    for (const insight of insights) expect(insightRecord.parse(insight)).toEqual(insight);
    const times = insights.map(({ ptsUs }) => ptsUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(insights[0]!.reason).toBe('first');
    expect(run.stdout).toContain(`language model: ${insights.length} insights\n`);

    // The check is that of the records file at the same frame.
    interface Line {
      readonly ptsUs: number;
      readonly track: number | null;
      readonly label: string | null;
      readonly emotions: { readonly smoothed: Record<string, number> } | null;
      readonly actionUnits: Record<string, { presence: { smoothed: number } | null }> | null;
    }
    const records = linesOf<Line>('asked', 'records.jsonl');
    for (const { ptsUs, track, check, claimedActionUnits, toldActionUnits, fused } of insights) {
      const record = records.find((line) => line.ptsUs === ptsUs && line.track === track)!;
      // A caption's 0.6 at weight 0.3: the odds of happiness, times 10.5 ^ 0.15.
      const shares = { ...record.emotions!.smoothed };
      shares.happiness! *= 10.5 ** 0.15;
      const sum = Object.values(shares).reduce((total, share) => total + share, 0);
      expect(fused!.probability).toBeCloseTo(Math.max(...Object.values(shares)) / sum, 4);
      expect(fused!.weight).toBe(0.3);
      expect(claimedActionUnits).toEqual(['4', '12']);
      for (const unit of claimedActionUnits) {
        const presence = record.actionUnits?.[unit]?.presence?.smoothed ?? Number.NaN;
        const measured = presence >= 0.5 ? 'agreed' : presence <= 0.3 ? 'contradicted' : 'unclear';
        const verdict = toldActionUnits.includes(unit) ? 'told' : measured;
        expect(check[verdict], `AU${unit} at ${ptsUs}: ${presence}`).toContain(unit);
      }
    }

    const metadata = read('asked', 'metadata.vtt');
    const cues = metadata.split('\n\n').filter((cue) => cue.includes('"kind":"insight"'));
    expect(cues).toHaveLength(insights.length);
    const captions = read('asked', 'captions.vtt');
    expect(captions).toContain('Person 1, a language model says: A broad smile');
    expect(captions).not.toMatch(/<b>|smile -->/);
    const manifest = JSON.parse(read('asked', 'manifest.json')) as {
      files: { path: string; bytes: number }[];
      run: { options: object };
    };
    expect(manifest.files.find(({ path }) => path.endsWith('.insights.jsonl'))?.bytes).toBe(
      Buffer.byteLength(read('asked', 'insights.jsonl')),
    );
    const facts = { mllmEngine: 'openai', mllmModel: 'tiny', mllmTasks: 'describe', mllmFusionWeight: 0.3 };
    expect(manifest.run.options).toMatchObject(facts);

    const plain = await analyze('plain');
    expect(plain, plain.stderr).toMatchObject({ code: 0 });
    for (const ending of ['records.jsonl', 'episodes.jsonl']) {
      expect(read('asked', ending) === read('plain', ending), ending).toBe(true);
    }
    expect(() => read('plain', 'insights.jsonl')).toThrow('ENOENT');
    const without = JSON.parse(read('plain', 'manifest.json')) as typeof manifest;
    expect(JSON.stringify(without.run.options)).not.toContain('mllm');
    expect(without.files.map(({ path }) => path).join(' ')).not.toContain('insight');
  });

  it('asks the adapter of a task, which insights and the manifest name', async () => {
    chat.models = { data: [{ id: 'tiny' }, { id: 'feallm', parent: 'tiny' }] };
    const run = await analyze('adapted', ...asked(), '--mllm-adapter', 'describe=feallm');
    expect(run, run.stderr).toMatchObject({ code: 0 });
    for (const { model } of linesOf<Insight>('adapted', 'insights.jsonl')) expect(model).toBe('feallm');
    const manifest = JSON.parse(read('adapted', 'manifest.json')) as { run: { options: object } };
    expect(manifest.run.options).toMatchObject({ mllmModel: 'tiny', mllmAdapters: 'describe=feallm' });
    const unasked = await analyze('x', ...asked(), '--mllm-adapter', 'compound=feallm');
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('compound, which is not asked') });
  });

  it('waits for the last answer of a slow engine', async () => {
    chat.script = (exchange) => {
      setTimeout(() => void says(ANSWER)(exchange), 700);
    };
    const run = await analyze('slow', ...asked());
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(linesOf<Insight>('slow', 'insights.jsonl').map(({ id }) => id)[0]).toBe('step-smile/1/insight/1');
    expect(run.stdout).not.toContain('without an answer');
  });

  it('with mien-vlm needs no server: insights in order, nothing told to it, and the rest as without it', async () => {
    const run = await analyze('own', '--mllm-engine', 'mien-vlm', '--mllm-task', 'describe,action-units');
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const insights = linesOf<Insight>('own', 'insights.jsonl');
    expect(insights.length).toBeGreaterThanOrEqual(4);
    expect(new Set(insights.map(({ engine, task }) => `${engine} ${task}`))).toEqual(
      new Set(['mien-vlm describe', 'mien-vlm action-units']),
    );
    for (const { toldActionUnits, parsed, description } of insights)
      expect([toldActionUnits, parsed, description !== null]).toEqual([[], 'text', true]);
    expect(insights.map(({ emotion }) => emotion)).toContain('happiness');
    expect(await analyze('untouched')).toMatchObject({ code: 0 });
    expect(read('own', 'records.jsonl') === read('untouched', 'records.jsonl')).toBe(true);
  });

  it.each([
    ['--mllm-model alone', ['--mllm-model', 'tiny'], 2, 'go with --mllm-url'],
    ['no model', ['--mllm-url', 'http://127.0.0.1:9/v1'], 2, 'needs --mllm-model'],
    ['no such task', ['--mllm-task', 'dance'], 2, 'choose from emotion,action-units'],
    [
      'nobody there',
      ['--mllm-url', 'http://127.0.0.1:9/v1', '--mllm-model', 'tiny'],
      15,
      'nothing answers at http://127.0.0.1:9/v1; start the server or correct its address (--mllm-url; nothing was analysed)',
    ],
    [
      'two engines',
      ['--mllm-engine', 'transformers', '--mllm-url', 'http://127.0.0.1:9/v1', '--mllm-model', 'tiny'],
      2,
      'choose --mllm-url or --mllm-engine transformers, not both',
    ],
    [
      'a server for a model of this process',
      ['--mllm-engine', 'mien-vlm', '--mllm-url', 'http://127.0.0.1:9/v1'],
      2,
      '--mllm-engine mien-vlm is a model in this process: leave out --mllm-url and --mllm-key-env',
    ],
    ['a release that is not there', ['--mllm-engine', 'mien-vlm', '--mllm-model', 'no-such-folder'], 9, 'config.json'],
    ['no folder', ['--mllm-engine', 'transformers'], 2, '--mllm-engine transformers needs --mllm-model DIR'],
    ['no address', ['--mllm-engine', 'openai', '--mllm-model', 'tiny'], 2, '--mllm-engine openai needs --mllm-url URL'],
    [
      'a model that is not there',
      ['--mllm-engine', 'transformers', '--mllm-model', 'tiny'],
      12,
      'mllm engine "transformers": the ', // package is not installed, or model does not load
    ],
  ])('refuses %s, before anything is analysed', async (_, flags, code, words) => {
    const run = await analyze('refused', ...flags);
    expect(run.stderr).toContain(words);
    expect(run.code).toBe(code);
    expect(existsSync(join(dir, 'refused'))).toBe(false);
  });

  it('ends with its own exit code when questions got no answer; --resume asks only those', async () => {
    const isKeyframe: (exchange: Exchange) => boolean = ({ body }) => JSON.stringify(body).includes('action_units');
    let asked0 = 0;
    chat.script = (exchange) => (isKeyframe(exchange) && asked0++ > 0 ? refuses(400) : says(ANSWER))(exchange);
    const partly = await analyze('partly', ...asked());
    const questions = asked0;
    expect(partly.code, partly.stderr).toBe(17);
    expect(partly.stderr).toMatch(/^mien: [^\n]*\n$/);
    expect(partly.stderr).toContain(`tiny at ${chat.url} answered 1 of ${questions} questions`);
    expect(partly.stderr).toContain('--resume');
    expect(linesOf<Insight>('partly', 'insights.jsonl')).toHaveLength(1);
    expect((await analyze('partly', ...asked())).code).toBe(7);

    chat.script = says(ANSWER);
    const before = chat.bodies.length;
    const resumed = await analyze('partly', ...asked(), '--resume');
    expect(resumed, resumed.stderr).toMatchObject({ code: 0, stderr: '' });
    const again = chat.bodies.slice(before).filter((body) => JSON.stringify(body).includes('action_units'));
    expect(again).toHaveLength(questions - 1);
    const whole = await analyze('whole', ...asked());
    expect(whole, whole.stderr).toMatchObject({ code: 0 });
    const told = (out: string) =>
      linesOf<Insight>(out, 'insights.jsonl').map(({ latencyMs: _, ...insight }) => insight);
    expect(told('partly')).toEqual(told('whole'));
    for (const ending of ['records.jsonl', 'episodes.jsonl'])
      expect(read('partly', ending) === read('whole', ending), ending).toBe(true);
    expect(readdirSync(join(dir, 'partly', 'step-smile')).filter((name) => /journal|answers/.test(name))).toEqual([]);
    expect((await analyze('partly', ...asked(), '--resume')).stdout).toContain('done before');
  });
});

describe('mien serve with a language model', () => {
  const demo = { id: 'yard', type: 'file', path: SMILE, loop: true };
  const withModel = () => ({
    mllm: {
      enabled: true,
      engine: { urls: [chat.url], model: 'tiny', timeout: '20s' },
      perCameraPerMinute: 600,
      overallPerMinute: 600,
      minInterval: '200ms',
      fusion: { weight: 0.5, decay: '2s' },
    },
    'analysis.lanes': 1,
  });

  it('tells insights over WebSocket and REST, and counts them', async () => {
    const product = await serveForTest(await configOf([demo], withModel()));
    try {
      const message = await product.until(
        (each): each is InsightMessage => each.type === 'insight' && each.source === 'yard',
        0,
      );
      expect(insightRecord.parse(message.insight)).toMatchObject({ source: 'yard', emotion: 'happiness' });
      expect(message.fusion).toMatchObject({ weight: 0.5, decaySeconds: 2 });
      const { format, width } = await sharp(Buffer.from(message.evidenceJpeg!, 'base64')).metadata();
      expect({ format, width }).toEqual({ format: 'jpeg', width: 160 });
      const answer = await fetch(`${product.serving.url}/api/v1/insights?source=yard&limit=1`);
      const { insights } = (await answer.json()) as { insights: { insight: Insight; evidenceJpeg: string }[] };
      expect(insights).toHaveLength(1);
      expect(insights[0]!.evidenceJpeg).toMatch(/^\/9j\//);
      expect(await product.metric('mien_mllm_requests_total{engine="openai",outcome="ok"}')).toBeGreaterThan(0);
    } finally {
      await product.close();
    }
  });

  /** How long the next sixty frames with a face took, and what the engine did meanwhile. */
  async function framesTold(
    during: 'nobody' | 'slow' | 'silent' | 'killed',
  ): Promise<{ told: number; seconds: number }> {
    if (during !== 'nobody') chat.script = says(ANSWER);
    const product = await serveForTest(
      await configOf([demo], during === 'nobody' ? { 'analysis.lanes': 1 } : withModel()),
    );
    try {
      if (during !== 'nobody') {
        await product.until((each): each is InsightMessage => each.type === 'insight', 0);
        if (during === 'slow') chat.script = late;
        else if (during === 'silent') chat.script = keepsSilent;
        else await chat.stop();
      } else await product.face('yard', 0);
      const from = performance.now();
      for (let n = 0; n < 60; n++) await product.face('yard');
      return { told: 60, seconds: (performance.now() - from) / 1000 };
    } finally {
      await product.close();
    }
  }

  it('frames come as fast when the engine is slow, falls silent or dies', async () => {
    const rates: Record<string, number> = {};
    for (const during of ['nobody', 'slow', 'silent', 'killed'] as const) {
      const { told, seconds } = await framesTold(during);
      rates[during] = told / seconds;
    }
    if (process.env.MIEN_TEST_RATES) writeFileSync(process.env.MIEN_TEST_RATES, JSON.stringify(rates));
    // The file plays at its own speed: a frame that waited for the engine would halve this at least.
    for (const during of ['slow', 'silent', 'killed']) {
      expect(rates[during], JSON.stringify(rates)).toBeGreaterThan(rates.nobody! * 0.6);
    }
  });
});
