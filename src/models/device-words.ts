import type { Device } from '../domain/device.js';

/** What an accelerator needs beside ONNX Runtime, for people. */
const NEEDS: Readonly<Record<Exclude<Device, 'cpu'>, string>> = {
  cuda: 'an NVIDIA GPU with its driver, CUDA 12 and cuDNN 9',
  coreml: 'macOS',
  dml: 'Windows with a DirectX 12 GPU',
  webgpu: 'a GPU with a Vulkan, Metal or Direct3D 12 driver',
};

/** Pure: why a model does not run on a device, in one line, from what ONNX Runtime said. */
export function deviceProblem(device: Device, said: string, platform: string = PLATFORM): string {
  if (device === 'cpu') return said;
  if (/backend not found/.test(said)) return `ONNX Runtime for ${platform} has no ${device}`;
  if (/Failed to load shared library/.test(said))
    return `ONNX Runtime's ${device} libraries are not installed, or lack what they need (docs/deployment.md)`;
  return `${reason(said)}; it needs ${NEEDS[device]}`;
}

const PLATFORM = `${process.platform}-${process.arch}`;

/** The last sentence: before it ONNX Runtime names a source file, a function and the check that failed. */
function reason(said: string): string {
  const text = said.replace(/\s+/g, ' ').trim();
  return (/ was false\. (.+)$/.exec(text)?.[1] ?? text).replace(/\.$/, '').slice(0, 160);
}
