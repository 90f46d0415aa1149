import { expect, it } from 'vitest';
import { startServe } from '../../../src/app/serve.js';
import { loadConfig } from '../../../src/config/load.js';
import { collectingLogger } from '../../support/collecting-logger.js';
import { fakeRuntime } from '../../support/fake-runtime.js';

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

it('says once what runs the models instead, and tells it over REST and in the metrics', async () => {
  const problem = 'models run on the processor, not on cuda: no driver';
  const overrides = Object.entries({ 'analysis.device': 'cuda', 'server.port': 0 });
  const config = await loadConfig({
    env: { MIEN_PURPOSE: 'testing' },
    overrides: overrides.map(([key, value]) => ({ key, value, origin: 'test' })),
  });
  const lines: string[] = [];
  let asked: string | undefined;
  const serving = await startServe(config, collectingLogger(lines), async ({ device }) => {
    asked = device;
    const { runtime } = fakeRuntime();
    return { ...runtime, device: { asked: 'cuda', used: 'cpu', problem } };
  });
  try {
    const get = async (path: string) => (await fetch(new URL(path, serving.url))).text();
    expect(asked).toBe('cuda');
    expect(lines.filter((line) => line.includes(problem))).toHaveLength(1);
    expect(JSON.parse(await get('/api/v1/info'))).toMatchObject({ device: 'cpu' });
    expect(await get('/metrics')).toContain('mien_device_info{device="cpu"} 1');
  } finally {
    await serving.close();
  }
});
