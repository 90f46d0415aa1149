import type { Settled } from './settled.js';

/** What runs the models: the processor, or an accelerator by the ONNX Runtime provider of that name. */
export const DEVICES = ['cpu', 'cuda', 'coreml', 'dml', 'webgpu'] as const;
export type Device = (typeof DEVICES)[number];

/** What can be asked for; `auto` is settled by inference/settle-device.ts. */
export const DEVICE_CHOICES = ['auto', ...DEVICES] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** What the key of that name is for. */
export const DEVICE_TEXT =
  'What runs the models; auto: the processor, or CUDA where its libraries are installed. When it cannot be used, the processor is, and the log says why.';

export type SettledDevice = Settled<DeviceChoice, Device>;
