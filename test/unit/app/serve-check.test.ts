import { expect, it } from 'vitest';
import { startServe } from '../../../src/app/serve.js';
import { loadConfig } from '../../../src/config/load.js';
import { collectingLogger } from '../../support/collecting-logger.js';

it('refuses a camera that can never be opened before it loads a model', async () => {
  // A device name on no system: two devices in one on macOS and Windows, no device file on Linux.
  const cameras = [{ id: 'desk', type: 'webcam', device: 'a:b' }];
  const overrides = [{ key: 'cameras', value: cameras, origin: 'test' }];
  const config = await loadConfig({ env: { MIEN_PURPOSE: 'testing' }, overrides });
  let started = false;
  const serving = startServe(config, collectingLogger(), () => {
    started = true;
    return Promise.reject(new Error('models were asked for'));
  });
  await expect(serving).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: /^camera input a:b: / });
  expect(started).toBe(false);
});
