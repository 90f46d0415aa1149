import { describe, expect, it } from 'vitest';
import { DecodeLog } from '../../../src/source/decode-log.js';
import { decoderArguments, HardwareLog } from '../../../src/source/hardware-log.js';

const problemOf = (...lines: readonly string[]): string | null => {
  const log = new HardwareLog();
  for (const line of lines) expect(log.add(line), line).toBe(true);
  return log.problem;
};

describe('HardwareLog', () => {
  // Of ffmpeg 5.1 on a machine without any.
  it.each([
    [
      'Cannot open DRM render node for device 0',
      '[AVHWDeviceContext @ 0x5598fe7da640] [verbose] Cannot open DRM render node for device 0.',
      '[AVHWDeviceContext @ 0x5598fe7da640] [verbose] Cannot open a VA display from DRM device (null).',
      '[error] Device creation failed: -542398533.',
      '[h264 @ 0x5598fe7da200] [error] No device available for decoder: device type vaapi needed for codec h264.',
      '[error] Device setup failed for decoder on input stream #0:0 : Generic error in an external library',
    ],
    [
      'Cannot load libcuda.so.1',
      '[AVHWDeviceContext @ 0x55fd99513640] [error] Cannot load libcuda.so.1',
      '[AVHWDeviceContext @ 0x55fd99513640] [error] Could not dynamically load CUDA',
      '[error] Device creation failed: -1.',
    ],
    ['Device creation failed: -12', '[error] Device creation failed: -12.'],
    ['this ffmpeg is built without it', '[fatal] Unrecognized hwaccel: videotoolbox.'],
    // Of ffmpeg 7.
    [
      'Hardware device setup failed for decoder: Out of memory',
      '[vist#0:0/vp9 @ 0xb4] [dec:vp9 @ 0xb5] [error] Hardware device setup failed for decoder: Out of memory',
    ],
  ])('%s', (why, ...lines) => {
    expect(problemOf(...lines)).toBe(why);
  });

  it('is silent about hardware that works, and about the pictures', () => {
    const log = new HardwareLog();
    for (const line of [
      '[AVHWDeviceContext @ 0x1] [verbose] Initialised VAAPI connection: version 1.17',
      '[h264 @ 0x1] [error] error while decoding MB 7 3, bytestream -5',
      '[info] 2.000000',
    ])
      expect(log.add(line), line).toBe(false);
    expect(log.problem).toBeNull();
  });

  it('is no complaint of the input', () => {
    const log = new DecodeLog();
    log.add('[error] Device creation failed: -1.');
    expect([log.complained, log.stderr.damageLines, log.hardware.problem]).toEqual([
      true,
      0,
      'Device creation failed: -1',
    ]);
  });
});

it('decoderArguments bring frames back to memory, from QSV too', () => {
  expect(decoderArguments('none')).toEqual([]);
  expect(decoderArguments('cuda')).toEqual(['-hwaccel', 'cuda']);
  expect(decoderArguments('qsv')).toEqual(['-hwaccel', 'qsv', '-hwaccel_output_format', 'nv12']);
});
