import { Command } from 'commander';
import { afterEach, expect, it, vi } from 'vitest';
import { addAnalyzeOptions } from '../../../src/cli/analyze-command.js';
import type { AnalyzeFlags } from '../../../src/cli/analyze-flags.js';
import { loadConfig } from '../../../src/config/load.js';
import { cameraConfigOf } from '../../../src/domain/camera-config.js';
import { LANES } from '../../../src/domain/lanes.js';
import { EVIDENCE_DEFAULTS } from '../../../src/mllm/evidence.js';
import { SELECT_DEFAULTS } from '../../../src/mllm/select-options.js';
import { startRuntime } from '../../../src/pipeline/model-runtime.js';
import { READING_DEFAULTS } from '../../../src/recording/reading-options.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { runInProcess } from '../../support/run-in-process.js';

afterEach(() => vi.restoreAllMocks());

const config = (...overrides: readonly { readonly key: string; readonly value: unknown }[]) =>
  loadConfig({
    env: { MIEN_PURPOSE: 'testing' },
    overrides: overrides.map((each) => ({ ...each, origin: 'test' })),
  });

it.each([LANES.least - 1, LANES.most + 1])('analyze and serve refuse %i lanes with the same range', async (lanes) => {
  const range = `whole number from ${LANES.least} to ${LANES.most}`;
  const { code, err } = await runInProcess('analyze', 'no-such.mp4', '--lanes', String(lanes));
  expect(code).toBe(2);
  expect(err).toContain(range);
  await expect(config({ key: 'analysis.lanes', value: lanes })).rejects.toThrow(range);
});

it('analyze, serve, the library and eval refuse a model that there is not, and name those that there are', async () => {
  const { code, err } = await runInProcess('analyze', 'no-such.mp4', '--model', 'medium');
  expect(code).toBe(2);
  expect(err).toMatch(
    /^error: option '--model <size>' argument 'medium' is invalid\. Allowed choices are large, small\.\n/,
  );
  await expect(config({ key: 'analysis.model', value: 'medium' })).rejects.toThrow(/analysis\.model.*large, small/);
  await expect(startRuntime({ model: 'medium' as 'small' })).rejects.toThrow(
    'model must be one of large, small, got medium',
  );
  const measured = await runInProcess('eval', 'npz', 'no-such.npz', '--split', 'valid', '--model', 'medium');
  expect(measured.err).toMatch(/^mien: the model in medium has no manifest\.json; --model takes large, small or .*\n$/);
});

it('live and recorded video are read by the large model by default', async () => {
  const analyze = addAnalyzeOptions(new Command()).opts<AnalyzeFlags>();
  expect([(await config()).analysis.model, analyze.model]).toEqual(['large', 'large']);
});

it('live and recorded video are read alike by default', async () => {
  const { cameraDefaults } = await config();
  const camera = cameraConfigOf({ id: 'a', input: { type: 'push' } }, cameraDefaults);
  const { maxSidePx, minFacePx } = READING_DEFAULTS;
  expect(camera).toMatchObject({ maxSidePx, minFacePx });
});

it('a language model is asked as serve asks it by default, whoever asks', async () => {
  const { mllm } = await config(
    { key: 'mllm.enabled', value: true },
    { key: 'mllm.engine.urls', value: ['http://127.0.0.1:8000/v1'] },
    { key: 'mllm.engine.model', value: 'tiny' },
  );
  expect(mllm).toMatchObject({
    minIntervalMs: 1000 * SELECT_DEFAULTS.minIntervalSeconds,
    maxIntervalMs: 1000 * SELECT_DEFAULTS.maxIntervalSeconds,
    perCameraPerMinute: SELECT_DEFAULTS.perCamera?.perMinute,
    overallPerMinute: SELECT_DEFAULTS.overall?.perMinute,
    fusion: { weight: EVIDENCE_DEFAULTS.weight, decaySeconds: TEMPORAL_DEFAULTS.late.tauSeconds },
  });
});
