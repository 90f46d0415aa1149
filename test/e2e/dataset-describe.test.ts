import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { drawPicture } from '../support/benchmark-world.js';
import { besidesProgress, runCli } from '../support/run-cli.js';
import {
  type ChatBody,
  completion,
  keepsSilent,
  refuses,
  type Script,
  ScriptedChatServer,
  says,
  sendJson,
} from '../support/scripted-chat-server.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const servers: ScriptedChatServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** Text of a question. */
const textOf = ({ messages }: ChatBody): string =>
  (messages.find(({ role }) => role === 'user')!.content as { text?: string }[]).map(({ text = '' }) => text).join('');
/** What a question says of its face; null for the probe's own. */
const askedOf = (body: ChatBody): { expression: string; units: string } | null => {
  const [, expression] = /- Its expression is (\w+)\./.exec(textOf(body)) ?? [];
  const [, units] = /- Active action units: (.*)\.$/m.exec(textOf(body)) ?? [];
  return expression === undefined ? null : { expression, units: units! };
};
const isRetry = (body: ChatBody): boolean => textOf(body).includes('An earlier answer was');

/** What a good annotator writes. */
const right = ({ expression, units }: { expression: string; units: string }, more: object = {}): string =>
  JSON.stringify({
    summary: `This face shows ${expression}.`,
    movement: `What has moved: ${units}.`,
    reasoning: `These movements speak for ${expression}.`,
    ...more,
  });

/** Answers labelled faces by a function, all else with words. */
const annotator =
  (answer: (asked: { expression: string; units: string }, body: ChatBody) => string): Script =>
  (exchange) => {
    const asked = askedOf(exchange.body);
    const text = asked === null ? 'yes' : answer(asked, exchange.body);
    sendJson(exchange.response, 200, completion(text));
  };

async function serve(script: Script): Promise<ScriptedChatServer> {
  const server = await new ScriptedChatServer(script).start();
  servers.push(server);
  return server;
}

const ROWS = [
  ['a.jpg', 'happiness', 'p1', 'train', 1, 1],
  ['b.jpg', 'sadness', 'p2', 'test', 0, 0],
  ['c.jpg', 'happiness', 'p2', 'test', 0, 1],
  ['d.jpg', 'anger', 'p3', 'train', 0, 0],
  ['e.jpg', 'happiness', 'p3', 'train', 1, 1],
  ['f.jpg', 'sadness', 'p3', 'train', 0, 0],
];

/** A list with its pictures. */
async function world(): Promise<{ dir: string; list: string; out: string }> {
  const dir = folder();
  for (const [index, [image]] of ROWS.entries()) await drawPicture(dir, String(image), 30 * index);
  const list = join(dir, 'list.csv');
  writeFileSync(list, ['image,label,subject,split,AU6,AU12', ...ROWS.map((row) => row.join(','))].join('\n'));
  return { dir, list, out: join(dir, 'out') };
}

const words = (list: string, out: string, { url }: ScriptedChatServer): string[] => [
  ...['dataset', 'describe', list, '--from', 'csv', '--out', out],
  ...['--mllm-url', url, '--mllm-model', 'tiny'],
];
const run = (list: string, out: string, server: ScriptedChatServer, ...more: string[]) =>
  runCli([...words(list, out, server), ...more]);
const read = (out: string, name: string): string => readFileSync(join(out, name), 'utf8');
const report = (out: string) => JSON.parse(read(out, 'describe.json'));
const facesAsked = ({ bodies }: ScriptedChatServer): ChatBody[] => bodies.filter((body) => askedOf(body) !== null);

describe('mien dataset describe', () => {
  it('keeps texts that say what labels say, asks again with what was wrong, and says why it kept none', async () => {
    const { list, out } = await world();
    const server = await serve(
      annotator((asked, body) => {
        if (asked.expression === 'anger') return right(asked, { reasoning: 'This is pure fear, nothing else.' });
        if (asked.expression === 'sadness' && !isRetry(body)) return right(asked, { movement: 'AU12 and more of it.' });
        return right(asked);
      }),
    );
    const { code, stdout, stderr } = await run(list, out, server);
    expect([code, besidesProgress(stderr)]).toEqual([0, '']);
    expect(stdout).toBe(
      `list: 6 faces\n  described: 5 (by number of answers: 1 3, 2 2)\n  rejected: 1 (expression-other 1)\nwritten to ${out}\n`,
    );
    const [header, first] = read(out, 'described.csv').split('\n');
    expect(header).toBe('image,label,subject,split,AU6,AU12,summary,movement,reasoning');
    expect(first).toMatch(/^a\.jpg,happiness,p1,train,1,1,This face shows happiness\.,/);
    const [, rejected] = read(out, 'rejected.csv').split('\n');
    expect(rejected).toMatch(/^d\.jpg,"[^"]*list\.csv, line 5",anger,p3,train,0,0,3,it names fear; name anger alone,/);
    const retry = server.bodies.find((body) => askedOf(body)?.expression === 'sadness' && isRetry(body))!;
    expect(textOf(retry)).toMatch(/It cannot be used: it names AU12; which are not known to be active; leave them out/);
    expect(report(out)).toMatchObject({
      schema: 'mien-described/1',
      engine: { model: 'tiny' },
      counts: { faces: 6, described: 5, rejected: 1 },
      tries: { 1: 3, 2: 2 },
    });
    expect(facesAsked(server)).toHaveLength(3 + 2 * 2 + 3);
    expect(
      read(out, 'review.csv')
        .split('\n')
        .filter((line) => line.includes(',summary,')),
    ).toHaveLength(5);
  });

  it('its list is what mien dataset convert reads, by the parts of the set', async () => {
    const { dir, list, out } = await world();
    await run(list, out, await serve(annotator((asked) => right(asked))));
    const made = join(dir, 'made');
    const args = ['--from', 'csv', '--images', dir, '--to', 'llava', '--task', 'aligned', '--out', made];
    const { code, stdout, stderr } = await runCli(['dataset', 'convert', join(out, 'described.csv'), ...args]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('csv-train.json: 12 questions about 4 images of 2 subjects');
    const [one] = JSON.parse(readFileSync(join(made, 'csv-train.json'), 'utf8'));
    expect(one).toMatchObject({
      id: 'a#summary',
      conversations: [{ from: 'human' }, { value: 'This face shows happiness.' }],
    });
  });

  it('killed in the middle it goes on from its answers, to the same result', async () => {
    const { list, out, dir } = await world();
    const whole = await serve(annotator((asked) => right(asked)));
    await run(list, join(dir, 'whole'), whole);
    let kill = (): void => undefined;
    let answered = 0;
    const server = await serve((exchange) => {
      if (askedOf(exchange.body) !== null) answered += 1;
      if (answered > 3) {
        kill();
        return keepsSilent(exchange);
      }
      return annotator((asked) => right(asked))(exchange);
    });
    const killed = await runCli([...words(list, out, server), '--concurrency', '1'], (signal) => {
      kill = () => signal('SIGKILL');
    });
    expect(killed.code).toBeNull();
    expect(existsSync(join(out, 'described.csv'))).toBe(false);
    writeFileSync(join(out, 'answers.jsonl'), `${read(out, 'answers.jsonl')}{"key": "torn`);
    expect(await run(list, out, whole)).toMatchObject({ code: 7, stderr: expect.stringContaining('--resume') });
    const before = facesAsked(whole).length;
    expect(await run(list, out, whole, '--resume')).toMatchObject({ code: 0 });
    expect(facesAsked(whole).length - before).toBe(3);
    for (const name of ['described.csv', 'rejected.csv', 'review.csv', 'describe.json'])
      expect(read(out, name)).toBe(read(join(dir, 'whole'), name));
  });

  it('a face that the server refuses is rejected with the reason, and asked about again with --resume', async () => {
    const { list, out } = await world();
    const server = await serve((exchange) =>
      askedOf(exchange.body)?.expression === 'anger'
        ? refuses(400, 'no')(exchange)
        : annotator((asked) => right(asked))(exchange),
    );
    expect(await run(list, out, server)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('rejected: 1 (no-answer 1)'),
    });
    expect(read(out, 'rejected.csv')).toMatch(/,0,"?refused: /);
    writeFileSync(join(out, 'review.csv'), `${read(out, 'review.csv')}# filled in\n`);
    server.script = annotator((asked) => right(asked));
    const before = facesAsked(server).length;
    expect(await run(list, out, server, '--resume')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('rejected: 0'),
    });
    expect(facesAsked(server).length - before).toBe(1);
    expect(read(out, 'review.csv')).toContain('# filled in');
  });

  it('no more questions are under way than --concurrency allows', async () => {
    const { list, out } = await world();
    let [underWay, most] = [0, 0];
    const server = await serve((exchange) => {
      if (askedOf(exchange.body) === null) return says('yes')(exchange);
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        void annotator((asked) => right(asked))(exchange);
      }, 40);
    });
    await run(list, out, server, '--concurrency', '2');
    expect(most).toBe(2);
  });

  it('mien-vlm is asked in its own words, once, and what it says of other faces is not kept', async () => {
    const { list, out } = await world();
    const args = [
      'dataset',
      'describe',
      list,
      '--from',
      'csv',
      '--out',
      out,
      '--mllm-engine',
      'mien-vlm',
      '--sample',
      '0.4',
    ];
    const { code, stdout, stderr } = await runCli(args);
    expect([code, besidesProgress(stderr)]).toEqual([0, '']);
    expect(stdout).toMatch(/ {2}rejected: \d/);
    expect(report(out)).toMatchObject({ prompt: 'mien-vlm-describe@1', landmarks: { faceless: expect.any(Number) } });
    for (const line of read(out, 'answers.jsonl').trim().split('\n').slice(1))
      expect(JSON.parse(line).key).toMatch(/\/1$/);
  });

  it.each<[string, (list: string, url: string) => string[], number, RegExp]>([
    [
      'no engine',
      (list) => [list, '--from', 'csv'],
      2,
      /mien dataset describe asks a multimodal LLM: name it with --mllm-url/,
    ],
    [
      'a list without pictures',
      (list, url) => [list, '--from', 'csv', '--images', 'docs', '--mllm-url', url, '--mllm-model', 'tiny'],
      2,
      /line 2: no picture a\.jpg in docs; .*line 7: no picture f\.jpg/,
    ],
    [
      'a model that is not served',
      (list, url) => [
        list,
        '--from',
        'csv',
        '--mllm-url',
        url,
        '--mllm-model',
        'tiny',
        '--mllm-adapter',
        'describe=other',
      ],
      12,
      /no model "other" for describe is served; there are: tiny/,
    ],
  ])('%s ends with one line and its exit code, before anything is written', async (_, args, exit, message) => {
    const { list, out } = await world();
    const server = await serve(says('yes'));
    const { code, stderr } = await runCli(['dataset', 'describe', ...args(list, server.url), '--out', out]);
    expect(stderr).toMatch(/^mien: [^\n]*\n$/);
    expect(stderr).toMatch(message);
    expect(code).toBe(exit);
    expect(existsSync(join(out, 'described.csv'))).toBe(false);
  });
});

describe('mien dataset agreement', () => {
  it('tells agreement of two people by class, from the sheet of a run', async () => {
    const { list, out, dir } = await world();
    await run(list, out, await serve(annotator((asked) => right(asked))));
    const sheet = join(dir, 'filled.csv');
    const filled = read(out, 'review.csv').replaceAll(/,,,\n/g, (_, at: number) =>
      at % 2 === 0 ? ',yes,yes,\n' : ',yes,no,\n',
    );
    writeFileSync(sheet, filled);
    const table = join(dir, 'agreement.csv');
    const { code, stdout, stderr } = await runCli(['dataset', 'agreement', sheet, '-o', table]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^group +texts {2}right 1 {2}right 2 +both {2}kappa\nall +18 +100\.0 %/);
    expect(stdout.split('\n').map((line) => line.split('  ')[0])).toEqual(
      expect.arrayContaining(['summary', 'anger', 'happiness', 'sadness', 'AU12, movement']),
    );
    expect(readFileSync(table, 'utf8')).toMatch(/^group,texts,right_1/);
    const empty = await runCli(['dataset', 'agreement', join(out, 'review.csv')]);
    expect(empty).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^mien: .*review\.csv: no text has a yes or no from both/),
    });
  });
});
