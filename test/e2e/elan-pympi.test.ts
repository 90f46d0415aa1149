import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { micros } from '../../src/domain/units.js';
import { createElanSink } from '../../src/sinks/elan-sink.js';
import { episode, faceRecord, unitEpisode } from '../support/record-builders.js';
import { tempFolders } from '../support/temp-folder.js';

/** Needs Python with pympi-ling 1.71, a reader and writer of ELAN files that is not ours; PYTHON names it. */
const folder = tempFolders();
const PYTHON = process.env.PYTHON ?? 'python3';
const READ = `
import json, pympi, sys
eaf = pympi.Elan.Eaf(sys.argv[1])
print(json.dumps({
    "media": eaf.get_linked_files(),
    "tiers": {name: sorted(eaf.get_annotation_data_for_tier(name)) for name in eaf.get_tier_names()},
    "words": {name: len(eaf.get_cv_entries(name)) if hasattr(eaf, "get_cv_entries") else None
              for name in eaf.get_controlled_vocabulary_names()},
}))
if len(sys.argv) > 2:
    eaf.to_file(sys.argv[2])
`;

const python = (...args: string[]) => JSON.parse(execFileSync(PYTHON, ['-c', READ, ...args], { encoding: 'utf8' }));

test('pympi opens what a run writes, and what it saves again says the same', async () => {
  const dir = folder();
  const videoPath = join(dir, 'my "talk" & more.mp4');
  writeFileSync(videoPath, '');
  const sink = await createElanSink({ base: join(dir, 'talk'), overwrite: false }, { videoPath, actionUnits: ['12'] });
  for (const track of [1, 2]) await sink.records([faceRecord(0, { track })]);
  await sink.episode(episode());
  await sink.episode(unitEpisode());
  await sink.episode(episode({ track: 2, kind: 'blink', label: 'blink', offsetUs: micros(400_000) }));
  await sink.close();

  const again = join(dir, 'again.eaf');
  const read = python(join(dir, 'talk.eaf'), again);
  expect(read.media).toMatchObject([
    { MEDIA_URL: `file://${videoPath}`, RELATIVE_MEDIA_URL: './my "talk" & more.mp4' },
  ]);
  expect(read.tiers).toEqual({
    'Person 1 emotion': [[200, 900, 'happiness']],
    'Person 1 AU12': [[200, 900, 'AU12']],
    'Person 1 blink': [],
    'Person 1 speech': [],
    'Person 2 emotion': [],
    'Person 2 blink': [[200, 400, 'blink']],
    'Person 2 speech': [],
  });
  expect(Object.keys(read.words)).toEqual(['emotion', 'action-unit', 'blink', 'speech']);
  expect(python(again).tiers).toEqual(read.tiers);
});
