import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mienVersion } from '../../../../src/package-info.js';
import { studyPageMeta } from '../../../../src/study/report/page-meta.js';
import { fixtureStudy } from '../../../support/study-report-fixture.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();
const OPTIONS = { sessions: 4, seconds: 60, fps: 1, markers: 1, measures: 1 };

it('the page names models, and videos that are not whole by a code', async () => {
  const results = join(folder(), 'results');
  mkdirSync(results);
  const madeFrom = { models: { 'mien-affect': '1.4.0', facemesh: '2' } };
  const video = (id: string, state: string, error: string | null) => ({ id, session: 's', state, error, madeFrom });
  const videos = [
    video('s01-front', 'complete', null),
    video('s02-front', 'damaged', 'INPUT_DAMAGED'),
    video('s03-front', 'failed', 'INPUT_UNSUPPORTED'),
  ];
  writeFileSync(join(results, 'study.json'), JSON.stringify({ v: 1, name: 'pilot', videos, forgotten: [] }));
  expect(await studyPageMeta({ ...fixtureStudy(OPTIONS), results }, [], new Set(['s01-front', 's02-front']))).toEqual({
    study: 'Interviews, pilot',
    mienVersion: mienVersion(),
    models: ['facemesh 2', 'mien-affect 1.4.0'],
    codebook: [],
    failures: [
      { video: 's02-front', problem: 'damaged: its results end early' },
      { video: 's03-front', problem: 'INPUT_UNSUPPORTED; its session is left out' },
      { video: 's04-front', problem: 'not analysed; its session is left out' },
    ],
  });
});
