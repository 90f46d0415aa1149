import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOutputs } from '../../../src/outputs/open-outputs.js';
import { insightOf } from '../../support/insight-builder.js';
import { runInfo, summaryOf, videoInfo } from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const options = (dir: string) =>
  ({
    base: join(dir, 'x'),
    outputs: ['jsonl', 'webvtt'],
    overwrite: false,
    landmarks: 'none',
    run: runInfo,
    video: videoInfo,
  }) as const;

describe('insights in file sinks', () => {
  it('are lines of a file of their own, in the manifest', async () => {
    const dir = folder();
    const { sink } = await openOutputs({ ...options(dir), insights: true });
    await sink.insight?.(insightOf(), null);
    await sink.insight?.(insightOf({ id: 'interview/1/insight/2' }), null);
    await sink.close(summaryOf([]));
    const lines = readFileSync(join(dir, 'x.insights.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      insightOf(),
      insightOf({ id: 'interview/1/insight/2' }),
    ]);
    expect(readFileSync(join(dir, 'x.manifest.json'), 'utf8')).toContain('x.insights.jsonl');
  });

  it('leave no trace in a run without an engine, and none of an earlier run that is overwritten', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'x.insights.jsonl'), '{}\n');
    const { sink } = await openOutputs({ ...options(dir), overwrite: true });
    await sink.close(summaryOf([]));
    expect(existsSync(join(dir, 'x.insights.jsonl'))).toBe(false);
    const { files } = JSON.parse(readFileSync(join(dir, 'x.manifest.json'), 'utf8')) as {
      files: readonly { readonly path: string }[];
    };
    expect(files.map(({ path }) => path).join(' ')).not.toContain('insight');
  });

  it('are not overwritten unless told', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'x.insights.jsonl'), '{}\n');
    await expect(openOutputs({ ...options(dir), insights: true })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  });
});
