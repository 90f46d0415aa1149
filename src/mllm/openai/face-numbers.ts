import type { EngineEvidence, EngineRequest } from '../../domain/insight.js';
import type { LandmarkMaker } from '../../domain/landmark-maker.js';

/** What a model takes beside words and pictures, as its entry in the server's list says (docs/mllm.md, Numbers beside the words). */
export interface TakenNumbers {
  /** Numbers of landmarks for each picture. */
  readonly landmarks: number;
  /** Measured action units, head pose and sharpness, too. */
  readonly priors: boolean;
}

/** `mien` of a chat request. */
export interface FaceNumbers {
  /** One list a picture, in their order; zeros where no face is known. */
  readonly landmarks: readonly (readonly number[])[];
  readonly priors?: Pick<EngineEvidence, 'actionUnits' | 'pose' | 'sharpness'>;
}

/** The numbers that go with a request; null to a model that takes none. The face that is asked about is in the last picture. */
export function faceNumbers(
  { images, evidence }: Pick<EngineRequest, 'images' | 'evidence'>,
  taken: TakenNumbers | null,
  maker: LandmarkMaker,
): FaceNumbers | null {
  if (taken === null) return null;
  const size = taken.landmarks;
  const unknown: readonly number[] = new Array<number>(size).fill(0);
  const face =
    evidence === null || evidence.mesh === null ? unknown : maker.of(size, evidence.mesh, evidence.aspect ?? 1);
  const landmarks = images.map((_, index) => (index === images.length - 1 ? face : unknown));
  if (!taken.priors || evidence === null) return { landmarks };
  const { actionUnits, pose, sharpness } = evidence;
  return { landmarks, priors: { actionUnits, pose, sharpness } };
}

/** Why numbers that a model wants cannot be made; null where they can. */
export function unmakable(taken: TakenNumbers | null, { sizes }: LandmarkMaker): string | null {
  if (taken === null || sizes.includes(taken.landmarks)) return null;
  const asked = Number.isFinite(taken.landmarks) ? `${taken.landmarks} numbers` : 'no number';
  const made = sizes.length === 0 ? 'none' : sizes.join(' or ');
  return `its list of models says mien.landmarks: ${asked}, and mien makes ${made}; serve a model that was trained on numbers of mien dataset landmarks`;
}
