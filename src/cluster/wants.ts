import type { FacesWanted } from '../live/live-system.js';
import type { PreviewOptions } from '../live/preview-hub.js';
import { pack, unpack } from './wire.js';

/** What is wanted of all is "*". */
type Cameras = '*' | readonly string[];

/** Pictures that a gateway wants; those who want the same share them. */
export interface PreviewWant extends PreviewOptions {
  readonly camera: string;
}

/** What one gateway wants of cameras; told again and again, as a gateway may be gone without a word. */
export interface Wants {
  readonly gateway: string;
  readonly faces: Cameras;
  readonly landmarks: Cameras;
  readonly previews: readonly PreviewWant[];
}

/** A gateway tells what it wants so often. */
export const WANTS_EVERY_MS = 2_000;
/** What was not told for so long is not wanted any more. */
const FORGOTTEN_MS = 5_000;

/** Part of a subject: which pictures. */
export const choiceOf = ({ maxFps, maxSidePx, blurFaces }: PreviewOptions): string =>
  `${Math.round(maxFps * 10)}-${maxSidePx}-${blurFaces ? 'blurred' : 'plain'}`;

const listOf = (cameras: FacesWanted['faces']): Cameras => (cameras === '*' ? '*' : [...cameras]);

export function packWants(
  gateway: string,
  { faces, landmarks }: FacesWanted,
  previews: readonly PreviewWant[],
): Uint8Array {
  return pack({ gateway, faces: listOf(faces), landmarks: listOf(landmarks), previews } satisfies Wants);
}

export const unpackWants = (message: Uint8Array): Wants | null => unpack<Wants>(message)?.header ?? null;

const includes = (cameras: Cameras, camera: string): boolean => cameras === '*' || cameras.includes(camera);

/** What all gateways want now. Pure but for its memory. */
export class WantTable {
  readonly #told = new Map<string, { readonly wants: Wants; readonly atMs: number }>();

  take(wants: Wants, nowMs: number): void {
    this.#told.set(wants.gateway, { wants, atMs: nowMs });
  }

  /** How frames of a camera are wanted. */
  faces(camera: string, nowMs: number): 'no' | 'plain' | 'with-landmarks' {
    const live = this.#live(nowMs);
    if (live.some(({ landmarks }) => includes(landmarks, camera))) return 'with-landmarks';
    return live.some(({ faces }) => includes(faces, camera)) ? 'plain' : 'no';
  }

  /** Pictures of a camera that are wanted, each choice once. */
  previews(camera: string, nowMs: number): ReadonlyMap<string, PreviewWant> {
    const wanted = this.#live(nowMs).flatMap(({ previews }) => previews.filter((each) => each.camera === camera));
    return new Map(wanted.map((each) => [choiceOf(each), each]));
  }

  #live(nowMs: number): Wants[] {
    for (const [gateway, { atMs }] of this.#told) if (nowMs - atMs > FORGOTTEN_MS) this.#told.delete(gateway);
    return [...this.#told.values()].map(({ wants }) => wants);
  }
}
