import type { OnnxBuilder } from './onnx-builder.js';

/**
 * PReLU by operators that ONNX Runtime keeps in its blocked layout: x + relu((a - 1) x), one slope per channel, where
 * no slope exceeds 1, else a x + (1 - a) relu(x). ONNX's own PRelu leaves the layout twice and took more than half of
 * FaceMesh's time (docs/decisions/0002-prelu.md).
 */
export function addPRelu(builder: OnnxBuilder, from: string, slopes: Float32Array): string {
  const scale = (input: string, factors: Float32Array): string =>
    builder.node('Conv', [input, builder.floats(factors, [factors.length, 1, 1, 1])], {
      kernel_shape: [1, 1],
      group: factors.length,
    });
  if (slopes.every((slope) => slope <= 1)) {
    const bend = builder.node('Relu', [
      scale(
        from,
        slopes.map((slope) => slope - 1),
      ),
    ]);
    return builder.node('Add', [from, bend]);
  }
  const positive = scale(
    builder.node('Relu', [from]),
    slopes.map((slope) => 1 - slope),
  );
  return builder.node('Add', [positive, scale(from, slopes)]);
}
