import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SOURCES, type SourceName } from '../../../src/dataset/sources.js';
import {
  AFFECTNET_ARRAYS,
  DATA_SETS,
  disfaPerson,
  type Files,
  LABELS,
  writeFiles,
} from '../../support/dataset-world.js';
import { runInProcess } from '../../support/run-in-process.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
afterEach(() => {
  vi.restoreAllMocks();
});

interface Line {
  readonly prompt: readonly { content: string }[];
  readonly completion: readonly { content: string }[];
  readonly images: readonly string[];
  readonly solution: string;
}

/** Converts a set, perhaps with other files; TRL's form is the plainest to read. */
async function converted(from: SourceName, flags: readonly string[] = [], files: Files = DATA_SETS[from]) {
  const dir = folder();
  writeFiles(dir, files);
  const images = from === 'c-expr-db' ? ['--images', dir] : [];
  const argv = ['--from', from, '--to', 'trl', '--paths', 'relative', '--out', join(dir, 'out'), ...images, ...flags];
  const run = await runInProcess('dataset', 'convert', join(dir, LABELS[from] ?? ''), ...argv);
  const parts: Record<string, Line[]> = {};
  if (run.code === 0)
    for (const name of readdirSync(join(dir, 'out')).filter((one) => one.endsWith('.jsonl')))
      parts[name.slice(from.length + 1, -'.jsonl'.length)] = readFileSync(join(dir, 'out', name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
  return { ...run, dir, parts };
}

/** "picture: answer" of each line, by part. */
const answers = (parts: Readonly<Record<string, readonly Line[]>>) =>
  Object.fromEntries(
    Object.entries(parts).map(([name, lines]) => [
      name,
      lines.map(({ images, completion }) => `${images[0]}: ${completion[0]!.content}`),
    ]),
  );

describe('each set in its published form', () => {
  it.each<[SourceName, readonly string[], Record<string, readonly string[]>]>([
    [
      'faba-instruct',
      [],
      {
        train: [
          'FABAInstruct/train/images/emotion.jpg: The face shows joy. Its lips smile.',
          'FABAInstruct/train/images/au.jpg: AU6 lifts, AU12 pulls.',
        ],
        test: ['FABAInstruct/eval/images/e.jpg: A sad face.'],
      },
    ],
    [
      'affwild2',
      [],
      {
        train: [
          '1-30-640x360_left/00001.jpg: happiness',
          '1-30-640x360_left/00001.jpg: AU6, AU12, AU25',
          '1-30-640x360_left/00003.jpg: none',
          '1-30-640x360_left/00004.jpg: surprise',
          '1-30-640x360_left/00004.jpg: AU1, AU2, AU25, AU26',
        ],
        test: ['video7/00001.jpg: anger', 'video7/00001.jpg: AU4, AU23'],
      },
    ],
    [
      'affwild2',
      ['--task', 'affect'],
      {
        train: [
          '1-30-640x360_left/00001.jpg: valence 0.75, arousal 0.50',
          '1-30-640x360_left/00003.jpg: valence 0.00, arousal 0.00',
          '1-30-640x360_left/00004.jpg: valence -0.25, arousal 1.00',
        ],
      },
    ],
    [
      'raf-db',
      [],
      {
        train: ['train_00001_aligned.jpg: happiness', 'train_00002_aligned.jpg: surprise'],
        test: ['test_0001_aligned.jpg: neutral'],
      },
    ],
    [
      'raf-db-compound',
      [],
      { train: ['train_0001_aligned.jpg: happily surprised'], test: ['test_0001_aligned.jpg: fearfully surprised'] },
    ],
    [
      'ferplus',
      ['--task', 'choice'],
      {
        train: ['FER2013Train/fer0000000.png: <answer>neutral</answer>'],
        valid: ['FER2013Valid/fer0028638.png: <answer>happy</answer>'],
        test: ['FER2013Test/fer0032221.png: <answer>contempt</answer>'],
      },
    ],
    [
      'affectnet',
      ['--task', 'emotion,affect'],
      {
        train: ['689/a.jpg: happiness', '689/a.jpg: valence 0.79, arousal -0.06'],
        test: ['10/c.jpg: contempt', '10/c.jpg: valence -0.50, arousal 0.25'],
      },
    ],
    [
      'sfew',
      [],
      {
        train: [
          'Train/Train_Aligned_Faces/Angry/Airheads_000519240_00000005.png: angry',
          'Train/Train_Aligned_Faces/Happy/Juno_000117000_00000010.png: happy',
        ],
        test: ['Val/Val_Aligned_Faces_new/Sad/Bridesmaids_000120520_00000013.png: sad'],
      },
    ],
    [
      'disfa',
      [],
      {
        train: [
          'SN001/1.png: none',
          'SN001/2.png: none',
          'SN001/3.png: AU12',
          'SN003/1.png: AU12',
          'SN003/2.png: none',
          'SN006/1.png: AU12',
        ],
      },
    ],
    ['bp4d', [], { train: ['F001/T1/2440.jpg: AU12', 'F003/T8/7.jpg: AU1, AU2', 'F004/T2/9.jpg: AU4'] }],
    ['gft', [], { train: ['a/1.jpg: AU12', 'b/1.jpg: AU1'] }],
    ['emotionet', [], { train: ['N_1.jpg: AU6, AU12, AU25'] }],
    ['c-expr-db', [], { train: ['7/00001.jpg: happily surprised', '7/00004.jpg: sadly fearful'] }],
    [
      'csv',
      [],
      {
        train: [
          'a.jpg: happiness',
          'a.jpg: AU12',
          'a.jpg: A smile, wide.',
          'a.jpg: AU12 pulls.',
          'a.jpg: AU12 means joy.',
          'a.jpg: valence 0.50, arousal 0.25',
        ],
        test: ['b.jpg: sadly angry'],
      },
    ],
  ])('%s %j', async (from, flags, expected) => {
    const { parts, err, code } = await converted(from, flags);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const sorted = (lines: readonly string[]) => [...lines].sort();
    expect(Object.fromEntries(Object.entries(answers(parts)).map(([name, lines]) => [name, sorted(lines)]))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([name, lines]) => [name, sorted(lines)])),
    );
  });

  it('are all here', () => expect(Object.keys(DATA_SETS).sort()).toEqual([...SOURCES].sort()));

  it('AffectNet as arrays of numpy', async () => {
    const { parts } = await converted('affectnet', [], AFFECTNET_ARRAYS);
    expect(answers(parts)).toEqual({
      train: ['train_set/images/12.jpg: surprise'],
      test: ['val_set/images/0.jpg: contempt'],
    });
  });
});

describe('questions and answers', () => {
  it('name the classes in the order of the paper on the set, and the solution alone', async () => {
    const { parts } = await converted('raf-db', ['--task', 'choice']);
    const [first] = parts.train!;
    expect(first!.prompt[0]!.content).toContain('surprise, fear, disgust, happiness, sadness, anger, neutral');
    expect(first!.solution).toBe('happiness');
  });

  it('with --need all are about faces that have every label, as FEALLM took them', async () => {
    const { parts, out } = await converted('affwild2', ['--need', 'all']);
    expect(parts.train!.map(({ images }) => images[0])).not.toContain('1-30-640x360_left/00003.jpg');
    expect(parts.train).toHaveLength(4);
    expect(out).toContain('1 without a label for the tasks');
  });

  it('are those of the list where it brings its own text, but not in a test part', async () => {
    const { parts } = await converted('faba-instruct');
    expect(parts.train!.map(({ prompt }) => prompt[0]!.content)).toEqual(['How does it feel?', 'Which AUs?']);
    expect(parts.train!.map(({ solution }) => solution)).toEqual(['happiness', 'AU6, AU12']);
    expect(parts.test![0]!.prompt[0]!.content).toMatch(/\w+/);
  });

  it('count a unit as present from the degree that papers use, or another', async () => {
    const { parts } = await converted('disfa', ['--present-from', 'A']);
    expect(answers(parts).train).toContain('SN001/2.png: AU12');
  });

  it('are the same bytes in every run', async () => {
    const first = await converted('csv');
    const second = await converted('csv');
    expect(first.parts).toEqual(second.parts);
    const other = await converted('csv', ['--seed', '2']);
    expect(other.parts).not.toEqual(first.parts);
  });
});

describe('parts', () => {
  it('published folds: the people of each fold are for test once, with questions of their own', async () => {
    const { parts } = await converted('disfa', ['--folds', 'published']);
    const images = Object.fromEntries(
      Object.entries(answers(parts)).map(([name, lines]) => [name, lines.map((line) => line.slice(0, 5))]),
    );
    expect(new Set(images['fold-1-of-3-test'])).toEqual(new Set(['SN003']));
    expect(new Set(images['fold-2-of-3-test'])).toEqual(new Set(['SN006']));
    expect(new Set(images['fold-3-of-3-test'])).toEqual(new Set(['SN001']));
    expect(new Set(images['fold-1-of-3-train'])).toEqual(new Set(['SN001', 'SN006']));
    expect(Object.keys(images)).toHaveLength(6);
  });

  it('a share for test keeps subjects apart, the left and right of a video among them', async () => {
    const { parts, out } = await converted('affwild2', ['--test-share', '0.5']);
    const videos = (part: string) => new Set(parts[part]!.map(({ images }) => images[0]!.split('/')[0]));
    expect([...videos('train')].filter((video) => videos('test').has(video))).toEqual([]);
    expect(out).toMatch(/2 questions about 1 images of 1 subjects/);
  });

  it('2 % of a recording are evenly spread, and at least one; of pictures they are drawn', async () => {
    const degrees = Array.from({ length: 100 }, () => 0);
    const images = Object.fromEntries(degrees.map((_, at) => [`SN001/${at + 1}.png`, 'picture']));
    const { parts } = await converted('disfa', ['--sample', '0.02'], { ...disfaPerson('SN001', degrees), ...images });
    expect(answers(parts).train).toEqual(['SN001/1.png: none', 'SN001/51.png: none']);
    const list = `image,label\n${degrees.map((_, at) => `${at}.jpg,sad\n`).join('')}`;
    const faces = { 'list.csv': list, ...Object.fromEntries(degrees.map((_, at) => [`${at}.jpg`, 'picture'])) };
    const drawn = await converted('csv', ['--sample', '0.2', '--task', 'emotion'], faces);
    expect(drawn.parts.train!.length).toBeGreaterThan(8);
    expect(drawn.parts.train!.length).toBeLessThan(35);
  });
});

describe('what is wrong', () => {
  const list = (text: string): Files => ({ ...DATA_SETS.csv, 'list.csv': text });

  it.each<[string, SourceName, readonly string[], Files, RegExp]>([
    [
      'an unknown emotion',
      'raf-db',
      [],
      { ...DATA_SETS['raf-db'], 'basic/EmoLabel/list_patition_label.txt': 'train_00001.jpg 8\nx\n' },
      /list_patition_label\.txt, line 1: "train_00001\.jpg 8" is not .*; line 2: "x"/,
    ],
    [
      'an unknown code',
      'affectnet',
      [],
      {
        ...DATA_SETS.affectnet,
        'Manually_Annotated_file_lists/validation.csv': '1.jpg,,,,,,11,0,0\n2.jpg,,,,,,1,3,0\n',
      },
      /validation\.csv, line 1: expression is "11".*line 2: valence and arousal are "3" and "0"/,
    ],
    [
      'all faults of a list',
      'csv',
      [],
      list('image,label,AU1,split\na.jpg,bored,0,train\n,happy,7,dev\n'),
      /list\.csv, line 2: "bored".*line 3: no picture.*line 3: split is "dev".*line 3: AU1 is "7"/,
    ],
    [
      'pictures that are not there',
      'csv',
      [],
      list('image,label\na.jpg,sad\nnone.jpg,sad\nc.jpg,sad\n'),
      /list\.csv, line 3: no picture none\.jpg.*line 4: no picture c\.jpg/,
    ],
    [
      'a path that leaves the folder',
      'csv',
      [],
      list('image,label\n../a.jpg,sad\n'),
      /line 2: "\.\.\/a\.jpg" leaves the folder/,
    ],
    [
      'subjects without a name',
      'csv',
      ['--folds', '2'],
      list('image,label\na.jpg,sad\n'),
      /line 2: no subject is named; divide with --apart picture/,
    ],
    ['fewer subjects than folds', 'csv', ['--folds', '3'], DATA_SETS.csv, /2 subjects make no 3 folds/],
    [
      'no labels for a task',
      'raf-db',
      ['--task', 'units'],
      DATA_SETS['raf-db'],
      /no face has a picture and labels for units/,
    ],
    ['folds that nobody published', 'gft', ['--folds', 'published'], DATA_SETS.gft, /papers share no folds of gft/],
    [
      'lines of Aff-Wild2',
      'affwild2',
      [],
      {
        ...DATA_SETS.affwild2,
        'annotations/EXPR_Classification_Challenge/Train_Set/bad.txt': 'Neutral,Anger\n9\n',
        'annotations/AU_Detection_Challenge/Train_Set/bad.txt': 'AU1,AU2\n1\n',
      },
      /EXPR_.*bad\.txt, line 2: "9" is not .*AU_.*bad\.txt, line 2: "1" is not/,
    ],
    [
      'sets that divide a video differently',
      'affwild2',
      [],
      { ...DATA_SETS.affwild2, 'annotations/AU_Detection_Challenge/Train_Set/video7.txt': 'AU1\n1\n' },
      /different parts; divide with --test-share/,
    ],
    [
      'a folder that is no class',
      'sfew',
      [],
      { ...DATA_SETS.sfew, 'Train/Train_Aligned_Faces/Bored/x.png': '' },
      /Bored: a folder is named after/,
    ],
    ['no data set at all', 'sfew', [], { 'x.txt': '' }, /no Train_Aligned_Faces/],
    ['a list without labels', 'csv', [], list('image,mood\na.jpg,sad\n'), /line 1: no column with labels/],
  ])('%s: one line, and nothing is written', async (_, from, flags, files, message) => {
    const { code, err, dir } = await converted(from, flags, files);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(readdirSync(dir)).not.toContain('out');
  });

  it('labels without a picture are counted where they belong to the set, or with --missing skip', async () => {
    const { out } = await converted('affwild2');
    expect(out).toContain('left out: 1 without a picture');
    const { parts } = await converted('csv', ['--missing', 'skip'], list('image,label\na.jpg,sad\nnone.jpg,sad\n'));
    expect(answers(parts)).toEqual({ train: ['a.jpg: sadness'] });
  });

  it('files that are there are not replaced without --overwrite', async () => {
    const { dir } = await converted('csv');
    const again = (...flags: string[]) =>
      runInProcess(
        'dataset',
        'convert',
        join(dir, 'list.csv'),
        '--from',
        'csv',
        '--to',
        'trl',
        '-o',
        join(dir, 'out'),
        ...flags,
      );
    const refused = await again();
    expect([refused.code, refused.err]).toEqual([7, expect.stringContaining('csv-train.jsonl exists')]);
    vi.restoreAllMocks();
    expect((await again('--overwrite')).code).toBe(0);
  });
});

describe('dataset_info.json', () => {
  it('keeps what it says of other sets', async () => {
    const dir = folder();
    writeFiles(dir, DATA_SETS.csv);
    writeFiles(dir, { 'out/dataset_info.json': '{"mine": {"file_name": "mine.json"}}' });
    const convert = () =>
      runInProcess(
        'dataset',
        'convert',
        join(dir, 'list.csv'),
        '--from',
        'csv',
        '--to',
        'llamafactory',
        '-o',
        join(dir, 'out'),
        '--overwrite',
      );
    expect((await convert()).code).toBe(0);
    const index = JSON.parse(readFileSync(join(dir, 'out', 'dataset_info.json'), 'utf8')) as object;
    expect(Object.keys(index)).toEqual(['mine', 'csv_train', 'csv_test']);
    rmSync(join(dir, 'out', 'dataset_info.json'));
    writeFileSync(join(dir, 'out', 'dataset_info.json'), '[]');
    vi.restoreAllMocks();
    const refused = await convert();
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('is no JSON object')]);
    expect(readdirSync(join(dir, 'out')).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });
});
