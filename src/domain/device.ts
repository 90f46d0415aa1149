import type { Settled } from './settled.js';

/** Everything that can run the models. */
export const DEVICES = ['cpu', 'cuda', 'coreml', 'dml', 'webgpu'] as const;
/** What runs the models: the processor, or an accelerator by the ONNX Runtime provider of that name. */
export type Device = (typeof DEVICES)[number];

/** What `device` takes. */
export const DEVICE_CHOICES = ['auto', ...DEVICES] as const;
/** What can be asked to run the models; `auto` is the processor, or CUDA where its libraries are installed. */
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** What the key of that name is for. */
export const DEVICE_TEXT =
  'What runs the models; auto: the processor, or CUDA where its libraries are installed. When it cannot be used, the processor is, and the log says why.';

/** What runs the models, and why it is not what was asked for. */
export type SettledDevice = Settled<DeviceChoice, Device>;
