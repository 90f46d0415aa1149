import type { Detection, FrameFaces, TrackedFace } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { RunModel } from '../domain/tensor.js';
import { elapsedSeconds, type Micros, probability } from '../domain/units.js';
import { associate } from './associate.js';
import { overlap, type RotatedSquare, shareInside } from './crop-matrix.js';
import type { DetectorGeometry } from './decode-detections.js';
import { FaceDetector } from './face-detector.js';
import { type MeshReading, readMeshes } from './face-mesher.js';
import { type CanonicalFace, headPose, toCameraAxes } from './head-pose.js';
import { eyeOpenness, interocularPx, meshBox, roiFromKeypoints, roiFromMesh } from './mesh-geometry.js';
import { type ScanView, scanViews } from './scan-plan.js';
import { CUT_MEMORY, isSceneCut, sceneDistance, sceneGrid } from './scene-cut.js';
import { dropContained, suppressWeighted } from './suppress.js';
import { type FacesState, initialFacesState, type Track } from './track-state.js';
import { judgeValidity, type ValidityLimits } from './validity.js';

export interface FacesOptions {
  readonly runModel: RunModel;
  readonly detectors: readonly DetectorGeometry[];
  readonly canonicalFace: CanonicalFace;
  readonly validity: ValidityLimits;
  /** Smallest face to look for, frame pixels. @default 24 */
  readonly minFacePx?: number;
  /** Media seconds between looks for new faces while faces are followed. Lowering it finds them sooner, at more cost. @default 0.4 */
  readonly scanIntervalSeconds?: number;
  /** Media seconds a lost face keeps its track. Raising it bridges longer absences, and risks joining two people. @default 2 */
  readonly reentrySeconds?: number;
  /** Faces followed at once; the strongest are kept. @default 32 */
  readonly maxFaces?: number;
}

/** Weak detections may continue a track from this score on, but not start one. */
const WEAK_SCORE = 0.3;
/** FaceMesh presence that keeps a track (MediaPipe's own default for tracking confidence). */
const KEEP_PRESENCE = 0.5;
/** A detection that the mesh finds this much of a face in is believed at once; others must last `CONFIRM_SECONDS`. */
const SURE_PRESENCE = 0.9;
const CONFIRM_SECONDS = 0.15;
/** Change of the eye distance within one frame, as a natural logarithm, that makes a followed mesh suspect. */
const SUSPECT_CHANGE = 0.1;
/** A mesh that overlaps its own detection less than this has slipped off the face, and is fitted anew. */
const SLIPPED_OVERLAP = 0.35;
/** Tiles per regular scan beside the whole frame. */
const TILES_PER_SCAN = 1;
const DUPLICATE_OVERLAP = 0.6;

/** Detects, aligns and follows the faces of one video. One `step` per frame, in order; state is plain data. */
export class FacesStage {
  state: FacesState = initialFacesState();
  readonly #options: Required<FacesOptions>;
  readonly #detectors: readonly FaceDetector[];
  readonly #canonical: CanonicalFace;

  constructor(options: FacesOptions) {
    this.#options = { minFacePx: 24, scanIntervalSeconds: 0.4, reentrySeconds: 2, maxFaces: 32, ...options };
    this.#detectors = options.detectors.map((geometry) => new FaceDetector(geometry, options.runModel));
    this.#canonical = toCameraAxes(options.canonicalFace);
  }

  /** Faces of the next frame, tracks in rising order of id. */
  async step(frame: Frame): Promise<FrameFaces> {
    const { state } = this;
    const sceneCut = this.#lookForCut(frame);
    const ended: Track[] = [];
    if (sceneCut) {
      ended.push(...state.tracks);
      state.tracks = [];
      state.lastScanUs = null;
    }
    const followed = state.tracks.filter((track) => track.seen);
    const due = this.#scanDue(frame.ptsUs, followed.length);
    const [readings, scanned] = await Promise.all([
      readMeshes(
        this.#options.runModel,
        frame,
        followed.map((track) => roiFromMesh(track.mesh)),
      ),
      due ? this.#scan(frame) : undefined,
    ]);
    const doubtful = followed.map((track, index) => this.#follow(track, readings[index]!, frame)).includes('doubtful');
    const detections = scanned ?? (doubtful ? await this.#scan(frame) : []);
    await this.#adopt(frame, detections);
    this.#dropDuplicates(ended);
    this.#endLost(frame.ptsUs, ended);
    this.#confirm(frame.ptsUs);
    return {
      frameIndex: frame.index,
      ptsUs: frame.ptsUs,
      faces: this.#report(frame),
      endedTracks: ended
        .map((track) => track.id)
        .filter((id) => id > 0)
        .sort((a, b) => a - b),
      sceneCut,
    };
  }

  #lookForCut(frame: Frame): boolean {
    const { state } = this;
    const grid = sceneGrid(frame);
    const distance = state.lastGrid === null ? 0 : sceneDistance(state.lastGrid, grid);
    const cut = isSceneCut(distance, state.distances);
    state.lastGrid = grid;
    state.distances = cut ? [] : [...state.distances, distance].slice(-CUT_MEMORY);
    return cut;
  }

  #scanDue(now: Micros, followed: number): boolean {
    const { lastScanUs } = this.state;
    return (
      followed === 0 || lastScanUs === null || elapsedSeconds(lastScanUs, now) >= this.#options.scanIntervalSeconds
    );
  }

  async #scan(frame: Frame): Promise<Detection[]> {
    const { state } = this;
    const first = state.lastScanUs === null;
    state.lastScanUs = frame.ptsUs;
    const found: Detection[] = [];
    for (const detector of this.#detectors) {
      const views = scanViews(frame, {
        inputSizePx: detector.geometry.inputSizePx,
        minFacePx: this.#options.minFacePx,
      });
      found.push(...(await detector.detect(frame, first ? views : this.#rotate(views), WEAK_SCORE)));
    }
    state.tileCursor += TILES_PER_SCAN;
    return dropContained(suppressWeighted(found));
  }

  /** The whole frame and the next few tiles: a fine scan spread over time. */
  #rotate(views: readonly ScanView[]): ScanView[] {
    const coarse = views.filter((view) => view.coarse);
    const tiles = views.filter((view) => !view.coarse);
    const count = Math.min(TILES_PER_SCAN, tiles.length);
    const next = Array.from({ length: count }, (_, index) => tiles[(this.state.tileCursor + index) % tiles.length]!);
    return [...coarse, ...next];
  }

  /** Takes the mesh's reading; `doubtful` when the face is lost, or changed size faster than faces do. */
  #follow(track: Track, reading: MeshReading, frame: Frame): 'good' | 'doubtful' {
    if (reading.presence < KEEP_PRESENCE) {
      track.seen = false;
      return 'doubtful';
    }
    const change = Math.abs(Math.log(interocularPx(reading.mesh) / interocularPx(track.mesh)));
    track.mesh = reading.mesh;
    track.presence = reading.presence;
    track.lastSeenUs = frame.ptsUs;
    return change > SUSPECT_CHANGE ? 'doubtful' : 'good';
  }

  /** Joins detections to tracks, and fits the mesh to faces that are new or back. */
  async #adopt(frame: Frame, detections: readonly Detection[]): Promise<void> {
    if (detections.length === 0) return;
    const { tracks } = this.state;
    // Indices stand for tracks here: those not yet confirmed have no id.
    const sights = tracks.map((track, index) => ({
      id: index,
      box: meshBox(track.mesh),
      unseenSeconds: track.seen ? 0 : elapsedSeconds(track.lastSeenUs, frame.ptsUs),
    }));
    const strongScore = Math.min(...this.#options.detectors.map((geometry) => geometry.minScore));
    const { matches, unmatched } = associate(sights, detections, { strongScore });
    const fits: { crop: RotatedSquare; detection: Detection; track: Track | null }[] = [];
    for (const [index, detectionIndex] of matches) {
      const track = tracks[index]!;
      const detection = detections[detectionIndex]!;
      track.detectionScore = detection.score;
      const slipped = overlap(meshBox(track.mesh), detection.box) < SLIPPED_OVERLAP;
      if (!track.seen || slipped) fits.push({ crop: cropOf(detection), detection, track });
    }
    const room = this.#options.maxFaces - tracks.length;
    for (const index of unmatched.slice(0, Math.max(0, room))) {
      fits.push({ crop: cropOf(detections[index]!), detection: detections[index]!, track: null });
    }
    const readings = await readMeshes(
      this.#options.runModel,
      frame,
      fits.map((fit) => fit.crop),
    );
    for (const [index, fit] of fits.entries()) {
      const { mesh, presence } = readings[index]!;
      if (presence < KEEP_PRESENCE) continue;
      const now = { mesh, presence, lastSeenUs: frame.ptsUs, seen: true, detectionScore: fit.detection.score };
      if (fit.track) Object.assign(fit.track, now);
      else tracks.push({ id: 0, firstSeenUs: frame.ptsUs, ...now });
    }
  }

  /** Of two tracks on one face, the older stays. */
  #dropDuplicates(ended: Track[]): void {
    const kept: Track[] = [];
    for (const track of this.state.tracks) {
      const twin =
        track.seen &&
        kept.some((other) => other.seen && overlap(meshBox(other.mesh), meshBox(track.mesh)) > DUPLICATE_OVERLAP);
      if (twin) ended.push(track);
      else kept.push(track);
    }
    this.state.tracks = kept;
  }

  #endLost(now: Micros, ended: Track[]): void {
    const { state } = this;
    const over = (track: Track): boolean =>
      !track.seen && (track.id === 0 || elapsedSeconds(track.lastSeenUs, now) > this.#options.reentrySeconds);
    ended.push(...state.tracks.filter(over));
    state.tracks = state.tracks.filter((track) => !over(track));
  }

  #confirm(now: Micros): void {
    for (const track of this.state.tracks) {
      if (track.id > 0 || !track.seen) continue;
      const sure = track.presence >= SURE_PRESENCE;
      if (sure || elapsedSeconds(track.firstSeenUs, now) >= CONFIRM_SECONDS) track.id = this.state.nextTrackId++;
    }
  }

  #report(frame: Frame): TrackedFace[] {
    const faces: TrackedFace[] = [];
    for (const track of this.state.tracks) {
      if (!track.seen || track.id === 0) continue;
      const box = meshBox(track.mesh);
      const pose = headPose(track.mesh, this.#canonical, frame);
      const quality = {
        interocularPx: interocularPx(track.mesh),
        sharpness: null,
        presence: probability(track.presence),
        insideFrame: probability(shareInside(box, frame)),
      };
      faces.push({
        trackId: track.id,
        box,
        detectionScore: track.detectionScore === null ? null : probability(track.detectionScore),
        mesh: track.mesh,
        pose,
        eyes: eyeOpenness(track.mesh),
        quality,
        validity: judgeValidity(quality, pose, this.#options.validity),
      });
    }
    return faces.sort((a, b) => a.trackId - b.trackId);
  }
}

function cropOf(detection: Detection): RotatedSquare {
  return roiFromKeypoints(detection.box, detection.keypoints.rightEye, detection.keypoints.leftEye);
}
