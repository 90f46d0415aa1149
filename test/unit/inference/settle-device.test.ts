import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Device, DeviceChoice } from '../../../src/domain/device.js';
import { settleDevice } from '../../../src/inference/settle-device.js';

const IDS = ['blazeface-short-range'];
/** A provider that ONNX Runtime has on another platform only. */
const ABSENT = process.platform === 'darwin' ? 'dml' : 'coreml';

afterEach(() => void vi.unstubAllEnvs());

describe('settleDevice', () => {
  it.each<[DeviceChoice, boolean, readonly Device[]]>([
    ['auto', false, []],
    ['auto', true, ['cuda']],
    ['cpu', true, []],
    ['cuda', false, ['cuda']],
    ['webgpu', true, ['webgpu']],
  ])('%s, with CUDA installed %s, tries %j', async (asked, installed, tried) => {
    const probed: unknown[] = [];
    const probe = async (...about: readonly unknown[]) => {
      probed.push(about.slice(0, 2));
      return null;
    };
    const settled = await settleDevice(asked, IDS, { probe, hasCuda: () => installed });
    expect(settled).toEqual({ asked, used: tried[0] ?? 'cpu', problem: null });
    expect(probed).toEqual(tried.map((device) => [device, IDS]));
  });

  it('falls back to the processor with the reason', async () => {
    const settled = await settleDevice('auto', IDS, { probe: async () => 'no driver', hasCuda: () => true });
    expect(settled).toEqual({
      asked: 'auto',
      used: 'cpu',
      problem: 'models run on the processor, not on cuda: no driver',
    });
  });

  it('tries a device in a process of its own, which says why in one line', async () => {
    const { used, problem } = await settleDevice(ABSENT, IDS);
    const platform = `${process.platform}-${process.arch}`;
    expect(problem).toBe(
      `models run on the processor, not on ${ABSENT}: ONNX Runtime for ${platform} has no ${ABSENT}`,
    );
    expect(used).toBe('cpu');
  });

  it('survives a process that dies, and one that is stopped', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require ./no-such-file.cjs');
    const { problem } = await settleDevice('webgpu', IDS);
    expect(problem).toBe('models run on the processor, not on webgpu: trying it failed (exit code 1)');
    const stopped = await settleDevice('webgpu', IDS, { signal: AbortSignal.abort() });
    expect(stopped.used).toBe('cpu');
  });
});

describe('probe-device.js', () => {
  const probe = (...words: readonly string[]) =>
    spawnSync(
      process.execPath,
      [fileURLToPath(new URL('../../../dist/models/probe-device.js', import.meta.url)), ...words],
      {
        encoding: 'utf8',
      },
    );

  it('passes a device that gives the recorded numbers', () => {
    expect(probe('cpu', ...IDS)).toMatchObject({ stdout: 'ok', stderr: '' });
  });

  it('passes none on which a model is missing', () => {
    expect(probe('cpu', 'lens').stdout).toMatch(/there is no model "lens"/);
  });
});
