/** The parts of a face whose visibility is told; left and right are the subject's. In the order of the model's outputs. */
export const FACE_PARTS = [
  'rightBrow',
  'leftBrow',
  'rightEye',
  'leftEye',
  'nose',
  'rightCheek',
  'leftCheek',
  'mouth',
  'chin',
] as const;
/** One of `FACE_PARTS`. */
export type FacePart = (typeof FACE_PARTS)[number];

/** A value for each part of a face. */
export type PerPart<T> = Readonly<Record<FacePart, T>>;

/** What lies before a part of a face. */
export interface PartCover {
  /** Share of the part that is seen, over time: 0 covered .. 1 nothing before it. */
  readonly visible: number;
  /** Whether the part counts as covered, held against flicker. */
  readonly covered: boolean;
}

/** What lies before a face. */
export interface FaceCover extends PerPart<PartCover> {
  /** Mean visibility of all parts. */
  readonly share: number;
}

/** An object with a value for each part. */
export function perPart<T>(make: (part: FacePart, index: number) => T): PerPart<T> {
  return Object.fromEntries(FACE_PARTS.map((part, index) => [part, make(part, index)])) as PerPart<T>;
}
