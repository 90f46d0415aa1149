/**
 * ONNX Runtime from 1.29 on has telemetry compiled in for Linux and switched on by default. mien sends nothing anywhere:
 * this module must be loaded before onnxruntime-node in its process; worker threads inherit the setting.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';

export {};
