import type { Box, Detection } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel } from '../domain/tensor.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import { isBareFace } from './bare-face.js';
import { overlap, type RotatedSquare } from './crop-matrix.js';
import type { DetectorGeometry } from './decode-detections.js';
import { FaceDetector } from './face-detector.js';
import { cropOf } from './mesh-geometry.js';
import { inTurn, type ScanPlan, type ScanView, scanPlan } from './scan-plan.js';
import { addUnseen, dropContained, isTurnedAgainst, suppressWeighted } from './suppress.js';
import type { ScanState } from './track-state.js';

export interface FaceScannerOptions {
  readonly runModel: RunModel;
  /** One or two: the second takes the looks with a margin. */
  readonly detectors: readonly DetectorGeometry[];
  /** Smallest face to look for, frame pixels. */
  readonly minFacePx: number;
}

/** Detections down to this score are given out; they may continue a track. */
const WEAK_SCORE = 0.3;
/** What a detector scores below this counts as nothing seen. */
const DOUBTED_SCORE = 0.2;
/** Overlap with a detection from which on another one is of the same face. */
const SAME_PLACE = 0.3;
/** Media seconds between other looks at the whole frame, which take turns: while no face is followed, and while one is. */
const LOOK_SECONDS = { searching: 0.4, following: 1.2 } as const;

/**
 * Looks for faces in whole frames: everywhere at first, then by turns. The first detector sees the frame and its parts, the last
 * one the frame with a margin, upright and turned; a single detector does both.
 */
export class FaceScanner {
  /** Score from which on a detection is a face. */
  readonly strongScore: number;
  readonly #near: FaceDetector;
  readonly #far: FaceDetector;
  readonly #minFacePx: number;

  constructor({ runModel, detectors, minFacePx }: FaceScannerOptions) {
    const all = detectors.map((geometry) => new FaceDetector(geometry, runModel));
    this.#far = all[0]!;
    this.#near = all.at(-1)!;
    this.#minFacePx = minFacePx;
    this.strongScore = Math.max(...detectors.map((geometry) => geometry.minScore));
  }

  /** Detections of one frame, one per face, in frame pixels; changes `state`. */
  async scan(frame: Frame, state: ScanState, following: boolean): Promise<readonly Detection[]> {
    const first = state.lastScanUs === null;
    const lookDue = isLookDue(state, frame.ptsUs, following);
    const { whole, tiles } = this.#planFor(this.#far, frame);
    const { margin, turned } = this.#planFor(this.#near, frame);
    const looks = lookDue ? [margin, ...(first ? turned : inTurn(turned, state.looks))] : [];
    const [seen, looked] = await Promise.all([
      this.#far.detect(frame, [whole, ...(first ? tiles : inTurn(tiles, state.scans))], WEAK_SCORE),
      this.#near.detect(frame, looks, WEAK_SCORE),
    ]);
    state.lastScanUs = frame.ptsUs;
    state.scans += 1;
    if (lookDue) {
      state.lastLookUs = frame.ptsUs;
      state.looks += 1;
    }
    return addUnseen(merged(seen), merged(looked), this.strongScore);
  }

  /** Detections around places where faces were a moment ago, seen with the margin that suits the detector; upright where they were. */
  async lookAt(frame: Frame, places: readonly RotatedSquare[]): Promise<readonly Detection[]> {
    return merged(await this.#near.detect(frame, viewsOf(this.#near, places), WEAK_SCORE));
  }

  /**
   * How sure the detectors together are of each detection: the mean of what each scores best at its place, 0 where it sees nothing.
   * Each looks along the detection's roll and, at one that leans by up to 60 degrees, upright too: eyes seen from the side tell
   * the roll badly.
   */
  async #opinions(frame: Frame, detections: readonly Detection[]): Promise<readonly number[]> {
    if (detections.length === 0) return [];
    const places = detections.map(cropOf).flatMap((place) => {
      return isTurnedAgainst(place.angle, 0) ? [place] : [place, { ...place, angle: 0 }];
    });
    const detectors = [...new Set([this.#near, this.#far])];
    const seen = await Promise.all(detectors.map((one) => one.detect(frame, viewsOf(one, places), DOUBTED_SCORE)));
    return detections.map(({ box }) => {
      const scores = seen.map((found) => bestAt(box, found));
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    });
  }

  /** Which detections are faces although the mesh finds none in them; `followed`: they were in the frame before. */
  async bareFaces(
    frame: Frame,
    about: readonly { readonly detection: Detection; readonly followed: boolean }[],
  ): Promise<readonly boolean[]> {
    const detections = about.map(({ detection }) => detection);
    const opinions = await this.#opinions(frame, detections);
    const detectors = new Set([this.#near, this.#far]).size;
    return about.map(({ followed }, index) => isBareFace(opinions[index]!, { detectors, followed }));
  }

  #planFor({ geometry }: FaceDetector, frame: Frame): ScanPlan {
    const { inputSizePx, marginSides } = geometry;
    return scanPlan(frame, { inputSizePx, marginSides, minFacePx: this.#minFacePx });
  }
}

function isLookDue({ lastScanUs, lastLookUs }: ScanState, now: Micros, following: boolean): boolean {
  if (lastScanUs === null || lastLookUs === null) return true;
  return elapsedSeconds(lastLookUs, now) >= (following ? LOOK_SECONDS.following : LOOK_SECONDS.searching);
}

const viewsOf = ({ geometry }: FaceDetector, places: readonly RotatedSquare[]): readonly ScanView[] =>
  places.map((place) => ({ square: { ...place, sidePx: geometry.placeSides * place.sidePx }, coarse: true }));

function bestAt(box: Box<'frame'>, found: readonly Detection[]): number {
  return Math.max(0, ...found.filter((one) => overlap(one.box, box) > SAME_PLACE).map(({ score }) => score));
}

function merged(detections: readonly Detection[]): Detection[] {
  return dropContained(suppressWeighted(detections));
}
