import { describe, expect, it } from 'vitest';
import { batchLines } from '../../../src/cli/batch-lines.js';
import { summaryLines } from '../../../src/cli/summary-lines.js';
import { AffectError } from '../../../src/domain/errors.js';
import { Tally } from '../../../src/domain/run-tally.js';

const run = {
  name: 'a',
  dir: 'out/a',
  seconds: 1,
  outputs: new Map(),
  notes: [],
  asked: null,
  people: null,
  words: false,
};
const planOf = (name: string) => ({ input: `x/${name}.mp4`, name, dir: `out/${name}` });
const summary = (status: 'complete' | 'damaged') => {
  const empty = new Tally().summary(status, status === 'damaged' ? 'a: damaged' : null);
  return { ...empty, frames: 1, tracks: 1, episodes: 1, coverage: { ...empty.coverage, ok: 1 } };
};

describe('summaryLines', () => {
  it('counts one of each in the singular', () => {
    expect(summaryLines({ ...run, summary: summary('complete') })).toEqual([
      'a: 1 frame in 1.0 s (1 fps), 1 face track, 1 episode, a valid face in 100.0 % of frames',
      '  results: out/a',
    ]);
  });
  it('says how many people the tracks show', () => {
    const several = { ...summary('complete'), tracks: 3 };
    expect(summaryLines({ ...run, summary: several, people: 2 })[0]).toContain(', 2 people in 3 face tracks, ');
    expect(summaryLines({ ...run, summary: several, people: 3 })[0]).toContain(', 3 people, ');
    expect(summaryLines({ ...run, summary: { ...several, tracks: 0 }, people: 0 })[0]).toContain(', 0 face tracks, ');
  });
  it('says of a damaged file that its share is one of what was read', () => {
    const [line] = summaryLines({ ...run, summary: summary('damaged') });
    expect(line).toMatch(/a valid face in 100\.0 % of the frames that were read; the rest is damaged$/);
  });
  it('passes on notes and counts questions', () => {
    const asked = { engine: 'openai', spoken: [], insights: 1, dropped: 1, lastFailure: null };
    const lines = summaryLines({ ...run, summary: summary('complete'), notes: ['turned'], asked });
    expect(lines.slice(1, 3)).toEqual([
      '  language model: 1 insight, 1 question without an answer (the run was stopped)',
      '  note: turned',
    ]);
  });
});

describe('batchLines', () => {
  const damaged = new AffectError('INPUT_DAMAGED', 'x/b.mp4: damaged');
  it('lists what is not whole after several inputs, and is silent after one', () => {
    const failures = [
      { plan: null, error: new AffectError('INPUT_NOT_FOUND', 'gone.mp4: no such file') },
      { plan: planOf('b'), error: damaged },
      { plan: planOf('c'), error: new TypeError('secret') },
    ];
    expect(batchLines({ videos: 3, done: 1, failures })).toEqual([
      '1 of 4 done, not whole:',
      '  gone.mp4: no such file',
      '  b: x/b.mp4: damaged',
      '  c: unexpected error, see above',
    ]);
    expect(batchLines({ videos: 2, done: 2, failures: [] })).toEqual(['2 of 2 done']);
    expect(batchLines({ videos: 1, done: 0, failures: [{ plan: planOf('b'), error: damaged }] })).toEqual([]);
  });

  it('counts the videos that a stop came before as not begun, not as done', () => {
    const failures = [{ plan: planOf('b'), error: damaged }];
    expect(batchLines({ videos: 5, done: 1, failures })).toEqual([
      '1 of 5 done, not whole:',
      '  b: x/b.mp4: damaged',
      '  3 videos not begun',
    ]);
    expect(batchLines({ videos: 2, done: 1, failures: [] })).toEqual([
      '1 of 2 done, not whole:',
      '  1 video not begun',
    ]);
  });
});
