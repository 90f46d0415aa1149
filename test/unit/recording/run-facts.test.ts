import { expect, it } from 'vitest';
import type { SettledDecoder } from '../../../src/domain/decoder.js';
import type { Device } from '../../../src/domain/device.js';
import { MODEL_IDS, type ModelSize } from '../../../src/domain/model-size.js';
import { findModels } from '../../../src/models/registry.js';
import { READING_DEFAULTS } from '../../../src/recording/reading-options.js';
import { fingerprintOf } from '../../../src/recording/run-facts.js';
import { fakeRuntime } from '../../support/fake-runtime.js';

/** Of a run that asked for CUDA, and got `device` and `decoder`. */
function fingerprint(device: Device, decoder: SettledDecoder['used'], model: ModelSize = 'large'): string {
  const models = findModels([MODEL_IDS[model]]);
  return fingerprintOf({
    runtime: { ...fakeRuntime().runtime, model, models, device: { asked: 'cuda', used: device, problem: null } },
    plan: { input: import.meta.filename, name: 'a', dir: 'a' },
    decoder: { asked: 'cuda', used: decoder, problem: null },
    reading: READING_DEFAULTS,
    formats: ['csv'],
    landmarks: '68',
    overlayPath: null,
    overwrite: false,
    resume: true,
  });
}

it('a run goes on only with the device and the decoder it was begun with, whatever was asked for', () => {
  const runs = [fingerprint('cpu', 'none'), fingerprint('cuda', 'none'), fingerprint('cpu', 'cuda')];
  expect(new Set(runs).size).toBe(3);
  expect(fingerprint('cpu', 'none')).toBe(runs[0]);
});

it('a run goes on only with the model it was begun with', () => {
  expect(fingerprint('cpu', 'none', 'small')).not.toBe(fingerprint('cpu', 'none'));
  expect(fingerprint('cpu', 'none', 'small')).toBe(fingerprint('cpu', 'none', 'small'));
});
