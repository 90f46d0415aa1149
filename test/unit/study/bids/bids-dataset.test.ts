import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bidsProblems } from '../../../../src/study/bids/bids-names.js';
import { tsvLine } from '../../../../src/study/bids/bids-tables.js';
import { forgetParticipant } from '../../../../src/study/forget-participant.js';
import { NUMBER_OPTIONS } from '../../../../src/study/numbers/number-options.js';
import { runNumbers } from '../../../../src/study/numbers/run-numbers.js';
import { writeBidsStudy } from '../../../support/bids-world.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();

const filesOf = (dataset: string): readonly string[] =>
  readdirSync(dataset, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dataset, join(entry.parentPath, entry.name)))
    .sort();

const rowsOf = (path: string): readonly (readonly string[])[] =>
  readFileSync(path, 'utf8')
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split('\t'));

/** Names of the specification: a file is in the folders that its entities say, in their order. */
const DATA =
  /^(sub-[0-9a-zA-Z]+)\/(ses-[0-9a-zA-Z]+)\/beh\/\1_\2_(task-[0-9a-zA-Z]+)_(desc-[0-9a-zA-Z]+)_(beh|events)\.tsv$/;

describe('a study that is laid out as a BIDS dataset', () => {
  it('has the files that the specification names, and a table of everybody who is told of', async () => {
    const { results } = await writeBidsStudy(folder());
    const dataset = join(results, 'bids');
    const files = filesOf(dataset);
    expect(files.filter((file) => DATA.test(file))).toHaveLength(2 * 2 * 3);
    expect(files.filter((file) => !DATA.test(file))).toEqual([
      'README.md',
      'dataset_description.json',
      'participants.json',
      'participants.tsv',
      'sessions.json',
      'sub-P01/sub-P01_sessions.tsv',
      'sub-P02/sub-P02_sessions.tsv',
      'task-Talkingagain_desc-frames_beh.json',
      'task-Talkingagain_desc-mien_events.json',
      'task-Talkingagain_desc-numbers_beh.json',
    ]);
    expect(JSON.parse(readFileSync(join(dataset, 'dataset_description.json'), 'utf8'))).toMatchObject({
      Name: 'Talking, again',
      BIDSVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      DatasetType: 'derivative',
      GeneratedBy: [{ Name: 'mien' }],
    });
    expect(rowsOf(join(dataset, 'participants.tsv'))).toEqual([
      ['participant_id', 'id', 'age', 'group'],
      ['sub-P01', 'P-01', '31', 'a b'],
      ['sub-P02', 'P-02', 'n/a', 'c'],
    ]);
    expect(rowsOf(join(dataset, 'sub-P01/sub-P01_sessions.tsv'))).toEqual([
      ['session_id', 'id', 'condition'],
      ['ses-S1', 'S_1', 'calm'],
      ['ses-S2', 'S_2', 'n/a'],
    ]);
  });

  it('has whole tables, each of whose columns is described by the sidecar above it', async () => {
    const { results } = await writeBidsStudy(folder());
    const dataset = join(results, 'bids');
    for (const file of filesOf(dataset).filter((name) => name.endsWith('.tsv'))) {
      const [header, ...rows] = rowsOf(join(dataset, file)) as [readonly string[], ...(readonly string[])[]];
      expect(rows.length, file).toBeGreaterThan(0);
      for (const row of rows) expect(row, file).toHaveLength(header.length);
      expect(rows.flat(), file).not.toContain('');
      const [, , , task, desc, suffix] = DATA.exec(file) ?? [];
      const sidecar = task
        ? `${task}_${desc}_${suffix}.json`
        : basename(file)
            .replace(/^sub-\w+_|\.tsv$/g, '')
            .concat('.json');
      const described = JSON.parse(readFileSync(join(dataset, sidecar), 'utf8')) as Record<
        string,
        { Description: string }
      >;
      for (const column of header) expect(described[column]?.Description, `${file}: ${column}`).toMatch(/\w/);
    }
  });

  it('tells what happened to a participant in session time, in order, and what was read of them', async () => {
    const { results } = await writeBidsStudy(folder());
    const of = (desc: string) =>
      rowsOf(join(results, `bids/sub-P01/ses-S1/beh/sub-P01_ses-S1_task-Talkingagain_desc-${desc}.tsv`));
    expect(of('mien_events')).toEqual([
      ['onset', 'duration', 'trial_type', 'label', 'source'],
      ['1', '3', 'question', 'Q1', 'marker'],
      ['2.5', '0.1', 'blink', 'blink', 'measured'],
      ['3.5', '1.5', 'emotion', 'happiness', 'measured'],
      ['5', '1', 'excluded', 'door bell', 'excluded'],
    ]);
    const [header, first, ...rest] = of('frames_beh');
    expect(rest).toHaveLength(59);
    const cells = Object.fromEntries(header!.map((name, at) => [name, first![at]]));
    expect(cells).toMatchObject({
      time: '0.5',
      happiness: '0.2',
      label: 'neutral',
      speaking: 'n/a',
      head_speed: 'n/a',
    });
    const numbers = of('numbers_beh').map((row) => row.join(' '));
    expect(numbers.filter((row) => /^marker Q1 .* happiness_mean .* raw /.test(row))).toHaveLength(1);
    expect(numbers.some((row) => row.includes('Q2'))).toBe(false); // P-02 alone was asked that
  });

  it('loses a participant who is forgotten, and does not have them again', async () => {
    const study = await writeBidsStudy(folder());
    const dataset = join(study.results, 'bids');
    writeFileSync(`${dataset}.part`, 'of a run that was killed');
    const forgotten = await forgetParticipant(study, { participant: 'P-02', dry: false });
    expect(forgotten.removals.map(({ file }) => file)).toEqual(
      expect.arrayContaining([dataset, `${dataset}.part`, join(study.results, 'numbers.csv')]),
    );
    expect([dataset, `${dataset}.part`].filter((path) => existsSync(path))).toEqual([]);
    await runNumbers(study, NUMBER_OPTIONS);
    expect(filesOf(dataset).filter((file) => file.includes('P02'))).toEqual([]);
    for (const file of ['participants.tsv', '../numbers.csv', '../numbers.json'])
      expect(readFileSync(join(dataset, file), 'utf8'), file).not.toMatch(/P-?02/);
  });
});

describe('names of a BIDS dataset', () => {
  const study = (ids: readonly string[], name = 'talk') => ({
    name,
    participants: ids.map((id) => ({ id, traits: {} })),
    sessions: [{ id: 'S1' }, { id: 'S-1' }],
  });

  it('are refused where ids would have the same one, or none', () => {
    expect(bidsProblems({ ...study(['P1', 'p-1', 'P2'], '面談'), sessions: [{ id: 'S1' }] })).toEqual([
      'the name "面談" has no letter a to z and no digit for a name of files',
      'participants "P1" and "p-1" would all be sub-P1',
    ]);
    expect(bidsProblems(study(['P1']))).toEqual(['sessions "S1" and "S-1" would all be ses-S1']);
  });

  it('are no traits', () => {
    const participants = [{ id: 'P1', traits: { participant_id: 'x' } }];
    expect(bidsProblems({ name: 'talk', participants, sessions: [] })).toEqual([
      `the trait "participant_id" is a column of the dataset's own; call it otherwise`,
    ]);
  });
});

it('a cell of a table never ends a cell or a row', () => {
  expect(tsvLine(['a\tb\nc', 0, null, ' \r\n', undefined])).toBe('a b c\t0\tn/a\tn/a\tn/a\n');
});
