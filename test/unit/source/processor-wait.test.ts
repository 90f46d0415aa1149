import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processorWaitMs } from '../../../src/source/processor-wait.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

it('is that of the thread that waited longest', () => {
  const proc = folder();
  for (const [thread, said] of Object.entries({ 7: '900000000 1500000000 12\n', 8: '5 4250000000 3\n' })) {
    mkdirSync(join(proc, '7/task', thread), { recursive: true });
    writeFileSync(join(proc, '7/task', thread, 'schedstat'), said);
  }
  expect(processorWaitMs(7, proc)).toBe(4250);
});

it('is unknown where the system does not tell, and of a process that is gone', () => {
  const proc = folder();
  mkdirSync(join(proc, '7/task/7'), { recursive: true });
  expect(processorWaitMs(7, proc)).toBeNull();
  writeFileSync(join(proc, '7/task/7/schedstat'), '');
  expect(processorWaitMs(7, proc)).toBeNull();
  expect(processorWaitMs(8, proc)).toBeNull();
});

it.runIf(process.platform === 'linux')('is a number for this process', () => {
  expect(processorWaitMs(process.pid)).toBeGreaterThanOrEqual(0);
});
