import protobuf from 'protobufjs';
import type { CanonicalFaceData } from '../../src/models/registry.js';

const POINTS = 468;
/** Interleaved position and texture coordinate. */
const VERTEX_FLOATS = 5;

const metadata = protobuf.Root.fromJSON({
  nested: {
    Metadata: {
      fields: { canonicalMesh: { id: 1, type: 'Mesh' }, basis: { id: 2, type: 'Basis', rule: 'repeated' } },
    },
    Mesh: { fields: { vertexBuffer: { id: 3, type: 'float', rule: 'repeated', options: { packed: false } } } },
    Basis: { fields: { landmarkId: { id: 1, type: 'uint32' }, weight: { id: 2, type: 'float' } } },
  },
}).lookupType('Metadata');

/** Reads `geometry_pipeline_metadata_landmarks.binarypb`. Throws RangeError when it does not hold 468 vertices. */
export function parseCanonicalFace(bytes: Uint8Array): CanonicalFaceData {
  const message = metadata.toObject(metadata.decode(bytes), { arrays: true }) as {
    canonicalMesh?: { vertexBuffer: number[] };
    basis: { landmarkId?: number; weight?: number }[];
  };
  const buffer = message.canonicalMesh?.vertexBuffer ?? [];
  if (buffer.length !== POINTS * VERTEX_FLOATS) {
    throw new RangeError(`canonical face: expected ${POINTS * VERTEX_FLOATS} numbers, got ${buffer.length}`);
  }
  const vertices = new Float32Array(POINTS * 3);
  for (let point = 0; point < POINTS; point++) {
    for (let axis = 0; axis < 3; axis++) vertices[point * 3 + axis] = buffer[point * VERTEX_FLOATS + axis]!;
  }
  const weights = new Float32Array(POINTS);
  for (const { landmarkId = 0, weight = 0 } of message.basis) weights[landmarkId] = weight;
  return { vertices, weights };
}
