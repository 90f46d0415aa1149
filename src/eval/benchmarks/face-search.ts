import type { EngineEvidence } from '../../domain/insight.js';
import { remembered } from './remembered.js';

/** Finds the faces whose numbers an engine takes (`EngineCapabilities.numericPriors`). */
export interface FaceSearch {
  /** Whether the engine gets the picture that was searched; else that of `size`. */
  readonly sendsSearched: boolean;
  find(image: string): Promise<SearchedFace>;
}

/** The face of a picture, as `EngineEvidence` has it. */
export interface SearchedFace extends Required<Pick<EngineEvidence, 'mesh' | 'aspect'>> {
  /** The picture that was searched; null where another is sent. */
  readonly jpeg: Uint8Array | null;
}

/** Looks for the face of a picture once, and keeps which pictures have none. */
export function rememberedFaces(): {
  readonly faceOf: (image: string, search: FaceSearch) => Promise<SearchedFace>;
  readonly faceless: ReadonlySet<string>;
} {
  const found = new Map<string, Promise<SearchedFace>>();
  const faceless = new Set<string>();
  return {
    async faceOf(image, { find }) {
      const face = await remembered(found, image, find);
      if (face.mesh === null) faceless.add(image);
      return face;
    },
    faceless,
  };
}
