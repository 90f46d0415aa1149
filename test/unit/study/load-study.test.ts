import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AffectError } from '../../../src/domain/errors.js';
import { micros } from '../../../src/domain/units.js';
import { checkStudy, loadStudy } from '../../../src/study/load-study.js';
import type { Measure } from '../../../src/study/videos.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-study-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Every video is 100 s long. */
const measure: Measure = async () => micros(100e6);

async function write(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return join(folder, Object.keys(files)[0]!);
}

/** Problems as a person reads them, places without the folder. */
async function problemsOf(files: Readonly<Record<string, string>>, how: Measure = measure): Promise<string[]> {
  const { problems, study } = await checkStudy(await write(files), how);
  expect(study === null).toBe(problems.length > 0);
  return problems.map(({ where, key, text }) => `${where}: ${key}: ${text}`.replaceAll(`${folder}/`, ''));
}

const WHOLE = `name: Two people talk
results: out
participants:
  - { id: P01, group: a, age: 34 }
  - { id: P02, group: b, left-handed: true }
conditions: [calm, stress]
analyze: { fps: 10, mode: au-only, formats: [csv] }
sessions:
  - id: S1
    condition: stress
    videos:
      - { id: front, path: v/front.mp4, people: { 1: P01, 2: P02 } }
      - { path: v/Seiten blick.mp4, offset: 1.5, people: { left: P01 }, map: side.csv }
    markers:
      - { label: Q1, from: 1:02.5, to: "00:01:10,250" }
      - { label: Q2, from: 70.25, participant: P02 }
      - { label: Q1, from: 80 }
      - { label: rest, kind: phase, from: 1, to: 2, video: Seiten-blick }
    excluded:
      - { from: 0, to: 1, reason: door bell }
`;

describe('a study file', () => {
  it('that asks for BIDS says which ids its names cannot tell apart, where it asks', async () => {
    const text = WHOLE.replace('id: P02', 'id: P-01').replaceAll('P02', 'P-01').replace('results: out', 'layout: bids');
    const files = { 'v/front.mp4': '', 'v/Seiten blick.mp4': '', 'side.csv': '' };
    expect(await problemsOf({ 'study.yaml': text, ...files })).toEqual([
      'study.yaml:2: layout: bids: in its names only letters and digits of ids stay: participants "P01" and "P-01" would all be sub-P01; give them other ids',
    ]);
    expect(await problemsOf({ 'study.yaml': text.replace('layout: bids', 'layout: plain'), ...files })).toEqual([]);
  });

  it('is read with everything it names, paths from its folder, times in session time', async () => {
    const file = await write({ 'study.yaml': WHOLE, 'v/front.mp4': '', 'v/Seiten blick.mp4': '', 'side.csv': '' });
    const study = await loadStudy(file, measure);
    expect(study).toMatchObject({
      file,
      name: 'Two people talk',
      results: join(folder, 'out'),
      participants: [
        { id: 'P01', traits: { group: 'a', age: 34 } },
        { id: 'P02', traits: { group: 'b', 'left-handed': 'true' } },
      ],
      conditions: ['calm', 'stress'],
      analysis: {
        fps: 10,
        mode: 'au-only',
        formats: ['jsonl', 'people', 'csv'],
        words: false,
        landmarks: '68',
        rotate: 'auto',
      },
    });
    const [session] = study.sessions;
    expect(session?.videos).toEqual([
      {
        id: 'front',
        path: join(folder, 'v/front.mp4'),
        offsetUs: 0,
        durationUs: 100e6,
        people: { 1: 'P01', 2: 'P02' },
        map: null,
      },
      {
        id: 'Seiten-blick',
        path: join(folder, 'v/Seiten blick.mp4'),
        offsetUs: 1.5e6,
        durationUs: 100e6,
        people: { left: 'P01' },
        map: join(folder, 'side.csv'),
      },
    ]);
    const times = session?.markers.map(({ id, label, kind, fromUs, toUs, participant }) => [
      ...[id, label, kind, fromUs, toUs, participant],
    ]);
    expect(times).toEqual([
      ['rest', 'rest', 'phase', 2.5e6, 3.5e6, null],
      ['Q1', 'Q1', 'question', 62.5e6, 70.25e6, null],
      ['Q2', 'Q2', 'question', 70.25e6, 101.5e6, 'P02'],
      ['Q1-2', 'Q1', 'question', 80e6, 101.5e6, null],
    ]);
    expect(session?.excluded).toEqual([{ fromUs: 0, toUs: 1e6, reason: 'door bell', participant: null }]);
  });

  it('tells every problem at once, with its line and what to do', async () => {
    const text = `participants:
  - { id: P01 }
  - { id: P01 }
  - { id: "P 3" }
conditions: [calm, stress]
analyse: { fps: 10 }
analyze: { mode: au_only, fps: 0 }
sessions:
  - id: S1
    condition: strss
    videos:
      - { id: a, path: a.mp4, offset: soon, people: { 1: P1, 2: P01, 3: P01 } }
      - { id: A, path: a.mp4 }
      - { id: c, path: gone.mp4, map: gone.csv }
    markers:
      - { label: Q1, from: 10, to: 20 }
      - { label: Q2, from: 19, to: 30 }
      - { label: Q3, from: 90, to: 130 }
      - { label: Q4, from: 50, to: 40 }
      - { label: Q5, from: "x" }
      - { from: 60, to: 61 }
      - { id: Q1, label: Q6, from: 35, to: 36, participant: P9 }
      - { label: Q7, kind: note, from: 1, to: 2, video: b }
      - { file: gone.srt }
      - { file: list.docx }
    excluded:
      - { from: 3, reason: bell }
  - id: S1
    videos: []
`;
    const problems = await problemsOf({ 'study.yaml': text, 'a.mp4': '' });
    const byLine = problems
      .map((line) => line.replace(/^study\.yaml:/, ''))
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    expect(byLine).toEqual([
      '3: participants[1].id: "P01" is the id of another participant, too (study.yaml:2); ids are unique',
      '4: participants[2].id: expected 1 to 64 letters, digits, - and _, not beginning with - or _, got "P 3"',
      '6: analyse: unknown key; did you mean "analyze"?',
      '7: analyze.fps: expected a number from 0.001 to 1000, got 0',
      '7: analyze.mode: expected one of full, au-only, got "au_only"; did you mean "au-only"?',
      '10: sessions[0].condition: there is no condition "strss"; did you mean "stress"?',
      '12: sessions[0].videos[0].offset: expected a time such as 62.5, 1:02.5 or 00:01:02,500, got "soon"',
      '12: sessions[0].videos[0].people.1: there is no participant "P1"; did you mean "P01"?',
      '12: sessions[0].videos[0].people.3: P01 is person 2 already; where one person became two, give a map',
      '13: sessions[0].videos[1].id: "A" is the id of another video, too (study.yaml:12)',
      '13: sessions[0].videos[1].path: a.mp4 is another video of this study, too (study.yaml:12)',
      '14: sessions[0].videos[2].map: gone.csv: there is no such file',
      '14: sessions[0].videos[2].path: gone.mp4: there is no such file (gone.mp4)',
      '17: sessions[0].markers[1].from: "Q2" (0:19 to 0:30) overlaps "Q1" (study.yaml:16, 0:10 to 0:20); end that earlier, or give one another kind',
      '19: sessions[0].markers[3].from: 0:50 to 0:40: ends before it begins; exchange from and to',
      '20: sessions[0].markers[4].from: expected a time such as 62.5, 1:02.5 or 00:01:02,500, got "x"',
      '21: sessions[0].markers[5].label: missing; give label, or file with a list',
      '22: sessions[0].markers[6].participant: there is no participant "P9"; add them to participants',
      '22: sessions[0].markers[6].id: "Q1" is the id of another marker of this session, too (study.yaml:16)',
      '23: sessions[0].markers[7].video: "b" is no video of this session; it has a, A, c',
      '24: sessions[0].markers[8].file: gone.srt cannot be read (there is no such file)',
      '25: sessions[0].markers[9].file: list.docx: expected .csv, .srt, .vtt or .eaf',
      '27: sessions[0].excluded[0].to: missing; give to, or file with a list',
      '28: sessions[1].id: "S1" is the id of sessions[0], too; ids are unique',
      '29: sessions[1].videos: expected a list of at least 1, got a list of 0',
    ]);
  });

  it('takes no marker from outside its session, and none that is longer', async () => {
    const text = (markers: string) =>
      `sessions:\n  - id: S1\n    videos: [{ path: a.mp4, offset: 10 }]\n    markers: ${markers}\n`;
    const given = '[{ label: Q1, from: 90, to: 111 }, { label: Q2, from: 120 }, { label: Q3, from: 5, to: 110.05 }]';
    expect(await problemsOf({ 'study.yaml': text(given.replace('Q3', 'Q3, kind: phase')), 'a.mp4': '' })).toEqual([
      'study.yaml:4: sessions[0].markers[0].from: 1:30 to 1:51 is not in the session, which is 0:00 to 1:50; put its times right, or the offset of its video',
      'study.yaml:4: sessions[0].markers[1].from: 2:00 is not in the session, which is 0:00 to 1:50; put its times right, or the offset of its video',
    ]);
  });

  it('is used although a video cannot be read: a run lists it', async () => {
    const file = await write({
      'study.yaml': 'sessions: [{ id: S1, videos: [{ path: a.mp4 }] }]',
      'a.mp4': 'no video',
    });
    const { study, notes } = await checkStudy(file);
    expect(study?.sessions[0]?.videos[0]?.durationUs).toBeNull();
    expect(notes.map(({ text }) => text)).toEqual([expect.stringContaining('a.mp4')]);
  });
});

describe('lists in files', () => {
  const STUDY = `participants: people.csv
sessions:
  - { id: S1, videos: [{ id: v1, path: a.mp4, offset: 2, people: { 1: P01 } }], markers: [{ file: S1.srt, match: '^(Q\\d+)[.:]', kind: question }, { file: S1.vtt, label: 'says $&', match: "^Anna: .*$", kind: note, video: v1 }] }
  - { id: S2, videos: [{ path: b.mp4, people: { 1: "007" } }] }
markers: questions.csv
excluded: out.csv
`;
  const FILES = {
    'study.yaml': STUDY,
    'a.mp4': '',
    'b.mp4': '',
    'people.csv': 'id,group,age\r\nP01,"a, b",34\r\n007,c,\r\n',
    'S1.srt':
      '\uFEFF1\r\n00:00:05,000 --> 00:00:06,250\r\nQ1. How are\r\nyou?\r\n\r\n2\r\n00:00:07,000 --> 00:00:08,000\r\nwell\r\n',
    'S1.vtt': 'WEBVTT\n\n00:10.000 --> 00:11.000 line:0\n<v Anna><i>yes &amp; no</i>\n\nNOTE --\n',
    'questions.csv': 'session,label,from,to,kind\nS2,Q1,1:00,1:01.5,\nS2,calm,0,,phase\n',
    'out.csv': 'session,from,to,reason,video,participant\nS1,1,2,phone,v1,P01\n',
  };

  it('give participants, markers and excluded ranges', async () => {
    const { participants, sessions } = await loadStudy(await write(FILES), measure);
    expect(participants).toEqual([
      { id: 'P01', traits: { group: 'a, b', age: 34 } },
      { id: '007', traits: { group: 'c' } },
    ]);
    const told = sessions.map(({ markers }) =>
      markers.map(({ kind, label, fromUs, toUs }) => [kind, label, fromUs, toUs]),
    );
    expect(told).toEqual([
      [
        ['question', 'Q1', 5e6, 6.25e6],
        ['note', 'says Anna: yes & no', 12e6, 13e6],
      ],
      [
        ['phase', 'calm', 0, 100e6],
        ['question', 'Q1', 60e6, 61.5e6],
      ],
    ]);
    expect(sessions[0]?.excluded).toEqual([{ fromUs: 3e6, toUs: 4e6, reason: 'phone', participant: 'P01' }]);
  });

  it('give the annotations of a tier of an ELAN file', async () => {
    const eaf = `<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"/><TIME_ORDER>
      <TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="1500"/><TIME_SLOT TIME_SLOT_ID="t2" TIME_VALUE="2750"/></TIME_ORDER>
      <TIER TIER_ID="questions" LINGUISTIC_TYPE_REF="d"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2">
      <ANNOTATION_VALUE>Q1 why?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>`;
    const study = (tier: string) =>
      `sessions: [{ id: S1, videos: [{ path: a.mp4 }], markers: [{ file: q.eaf, ${tier} match: "^Q[0-9]+" }] }]`;
    const files = (tier: string) => ({ 'study.yaml': study(tier), 'q.eaf': eaf, 'a.mp4': '' });
    const { sessions } = await loadStudy(await write(files('tier: questions,')), measure);
    expect(sessions[0]?.markers).toMatchObject([{ label: 'Q1', fromUs: 1.5e6, toUs: 2.75e6 }]);
    expect(await problemsOf(files('tier: answers,'))).toEqual([
      'study.yaml:1: sessions[0].markers[0].tier: q.eaf: no tier "answers" among "questions"',
    ]);
    expect(await problemsOf(files(''))).toEqual([
      'study.yaml:1: sessions[0].markers[0].tier: missing; name the tier of the ELAN file',
    ]);
  });

  it('are told with the line of the file', async () => {
    const problems = await problemsOf({
      ...FILES,
      'people.csv': 'name,group\nP01,a\n',
      'S1.srt': '1\n00:00:05,000 --> 5 s\nQ1.\n',
      'questions.csv': 'session,label,from,to\nS3,Q1,1,2\nS2,,x,2\n',
      'out.csv': 'session;from;to;reason\n',
    });
    expect(problems.filter((line) => !line.includes('there is no participant'))).toEqual([
      'people.csv:1: csv: has no column "id"; it has name, group',
      'questions.csv:3: label: missing',
      'questions.csv:3: from: expected a time such as 62.5, 1:02.5 or 00:01:02,500, got "x"',
      'questions.csv:2: session: there is no session "S3"; did you mean "S1"?',
      'out.csv:1: csv: columns are separated by ";"; save it with commas',
      'S1.srt:2: cue: cannot be read as times: 00:00:05,000 --> 5 s',
      'study.yaml:3: sessions[0].markers[0].match: nothing of S1.srt is taken; it has no cues',
    ]);
  });
});

describe('a csv file of videos', () => {
  it('is a study: a row a video, rows of one session together', async () => {
    const file = await write({
      'talks.csv':
        'video,session,condition,participant,offset,age\na.mp4,S1,calm,P01,,34\nb.mp4,S1,,P01,1.5,\nc d.mp4,,stress,P02,,27\n',
      'a.mp4': '',
      'b.mp4': '',
      'c d.mp4': '',
    });
    const study = await loadStudy(file, measure);
    expect(study).toMatchObject({
      name: 'talks',
      results: join(folder, 'talks-results'),
      conditions: ['calm', 'stress'],
    });
    expect(study.participants).toEqual([
      { id: 'P01', traits: { age: 34 } },
      { id: 'P02', traits: { age: 27 } },
    ]);
    expect(study.sessions.map(({ id, condition, videos }) => [id, condition, videos.map((video) => video.id)])).toEqual(
      [
        ['S1', 'calm', ['a', 'b']],
        ['c-d', 'stress', ['c-d']],
      ],
    );
    expect(study.sessions[0]?.videos[1]).toMatchObject({ offsetUs: 1.5e6, people: { 1: 'P01' } });
  });

  it('is told by its lines', async () => {
    const problems = await problemsOf({
      'talks.csv': 'video,participant_1,participant_2\na.mp4,P01,P02\ngone.mp4,P01,P01\n',
      'a.mp4': '',
    });
    expect(problems).toEqual([
      'talks.csv:3: sessions[1].videos[0].path: gone.mp4: there is no such file (gone.mp4)',
      'talks.csv:3: sessions[1].videos[0].people.2: P01 is person 1 already; where one person became two, give a map',
    ]);
  });
});

describe('a study that cannot be used', () => {
  it('is an error with every problem', async () => {
    const file = await write({ 'study.yaml': 'sessions: []\nresult: here\n' });
    const error = await loadStudy(file, measure).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AffectError);
    expect((error as AffectError).code).toBe('CONFIG_INVALID');
    expect((error as AffectError).message.split('\n')).toHaveLength(3);
  });
});
