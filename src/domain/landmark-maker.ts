import type { MeshPoints } from './face.js';

/** Makes the numbers that a model with a facial prior takes of a face. */
export interface LandmarkMaker {
  /** How many numbers it can make, one for each set of points. */
  readonly sizes: readonly number[];
  /**
   * The numbers of a face, rounded as they are written to files and sent.
   *
   * @param size - one of `sizes`
   * @param mesh - x and y 0..1 in the picture, z by its width
   * @param aspect - height of the picture by its width
   */
  of(size: number, mesh: MeshPoints, aspect: number): readonly number[];
}
