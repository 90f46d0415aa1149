import { afterEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { cameraConfigOf } from '../../../src/domain/camera-config.js';
import { LANES } from '../../../src/domain/lanes.js';
import { EVIDENCE_DEFAULTS } from '../../../src/mllm/evidence.js';
import { SELECT_DEFAULTS } from '../../../src/mllm/select-options.js';
import { READING_DEFAULTS } from '../../../src/recording/reading-options.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/options.js';
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
