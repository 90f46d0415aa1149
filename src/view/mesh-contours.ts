/** Chains of FaceMesh vertices that outline a face; a closed chain repeats its first vertex. */
const CHAINS: readonly (readonly number[])[] = [
  // Face oval, from the top of the forehead.
  [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10,
  ],
  // The subject's right eye, then left.
  [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 33],
  [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466, 263],
  // Brows: upper edges.
  [70, 63, 105, 66, 107],
  [300, 293, 334, 296, 336],
  // Lips: outer, inner.
  [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61],
  [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78],
  // Nose: bridge, base.
  [168, 6, 197, 195, 5, 4, 1],
  [98, 97, 2, 326, 327],
];

/** Pairs of vertices to join. */
export const MESH_CONTOURS: readonly (readonly [from: number, to: number])[] = CHAINS.flatMap((chain) =>
  chain.slice(1).map((to, at) => [chain[at]!, to] as const),
);
