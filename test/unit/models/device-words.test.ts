import { expect, it } from 'vitest';
import { deviceProblem } from '../../../src/models/device-words.js';

// What onnxruntime-node 1.30 says on Linux x64.
const ADAPTER =
  '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n';

it.each([
  ['dml', 'no available backend found. ERR: [dml] backend not found.', 'ONNX Runtime for linux-x64 has no dml'],
  [
    'cuda',
    'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
    "ONNX Runtime's cuda libraries are not installed, or lack what they need (docs/deployment.md)",
  ],
  [
    'webgpu',
    ADAPTER,
    'Failed to get a WebGPU adapter: No supported adapters; it needs a GPU with a Vulkan, Metal or Direct3D 12 driver',
  ],
  ['cpu', 'Load model failed.', 'Load model failed.'],
] as const)('of %s says %j in one line', (device, said, words) => {
  expect(deviceProblem(device, said, 'linux-x64')).toBe(words);
});
