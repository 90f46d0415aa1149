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
import { inTurn, scanPlan } from './scan-plan.js';
import { CUT_MEMORY, isSceneCut, sceneDistance, sceneGrid } from './scene-cut.js';
import { addUnseen, dropContained, suppressWeighted } from './suppress.js';
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

/** Weak detections may continue a track from this score on; they start one only where the mesh is sure (`SURE_PRESENCE`). */
const WEAK_SCORE = 0.3;
/**
 * Weak detections of one scan that the mesh is asked about. It held none of 330 on pictures whose faces were painted over
 * to be a face, and is sure of nearly all that are.
 */
const FAINT_PER_SCAN = 2;
/** FaceMesh presence that keeps a track (MediaPipe's own default for tracking confidence). */
const KEEP_PRESENCE = 0.5;
/** A detection that the mesh finds this much of a face in is believed at once; others must last `CONFIRM_SECONDS`. */
const SURE_PRESENCE = 0.9;
const CONFIRM_SECONDS = 0.15;
/** Change of the eye distance within one frame, as a natural logarithm, that makes a followed mesh suspect. */
const SUSPECT_CHANGE = 0.1;
/** A mesh that overlaps its own detection less than this has slipped off the face, and is fitted anew. */
const SLIPPED_OVERLAP = 0.35;
const DUPLICATE_OVERLAP = 0.6;
/** Media seconds between other looks at the whole frame, which take turns: while no face is followed, and while one is. */
const LOOK_SECONDS = { searching: 0.4, following: 1.2 } as const;

/** Detects, aligns and follows the faces of one video. One `step` per frame, in order; state is plain data. */
export class FacesStage {
  state: FacesState = initialFacesState();
  readonly #options: Required<FacesOptions>;
  readonly #detectors: readonly FaceDetector[];
  readonly #strongScore: number;
  readonly #canonical: CanonicalFace;

  constructor(options: FacesOptions) {
    this.#options = { minFacePx: 24, scanIntervalSeconds: 0.4, reentrySeconds: 2, maxFaces: 32, ...options };
    this.#detectors = options.detectors.map((geometry) => new FaceDetector(geometry, options.runModel));
    this.#strongScore = Math.min(...options.detectors.map((geometry) => geometry.minScore));
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

  async #scan(frame: Frame): Promise<readonly Detection[]> {
    const { state } = this;
    const first = state.lastScanUs === null;
    const lookDue = this.#lookDue(frame.ptsUs);
    const seen: Detection[] = [];
    const looked: Detection[] = [];
    for (const detector of this.#detectors) {
      const { inputSizePx } = detector.geometry;
      const plan = scanPlan(frame, { inputSizePx, minFacePx: this.#options.minFacePx });
      const tiles = first ? plan.tiles : inTurn(plan.tiles, state.scans);
      const looks = first ? plan.looks : lookDue ? inTurn(plan.looks, state.looks) : [];
      const [inView, inLook] = await Promise.all([
        detector.detect(frame, [plan.whole, ...tiles], WEAK_SCORE),
        detector.detect(frame, looks, WEAK_SCORE),
      ]);
      seen.push(...inView);
      looked.push(...inLook);
    }
    state.lastScanUs = frame.ptsUs;
    state.scans += 1;
    if (lookDue) {
      state.lastLookUs = frame.ptsUs;
      state.looks += 1;
    }
    return addUnseen(merged(seen), merged(looked), this.#strongScore);
  }

  #lookDue(now: Micros): boolean {
    const { lastScanUs, lastLookUs, tracks } = this.state;
    if (lastScanUs === null || lastLookUs === null) return true;
    const pause = tracks.some((track) => track.seen) ? LOOK_SECONDS.following : LOOK_SECONDS.searching;
    return elapsedSeconds(lastLookUs, now) >= pause;
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
    const { matches, unmatched, faint } = associate(sights, detections, { strongScore: this.#strongScore });
    const fits: { detection: Detection; track: Track | null; leastPresence: number }[] = [];
    for (const [index, detectionIndex] of matches) {
      const track = tracks[index]!;
      const detection = detections[detectionIndex]!;
      track.detectionScore = detection.score;
      const slipped = overlap(meshBox(track.mesh), detection.box) < SLIPPED_OVERLAP;
      if (!track.seen || slipped) fits.push({ detection, track, leastPresence: KEEP_PRESENCE });
    }
    const room = Math.max(0, this.#options.maxFaces - tracks.length);
    const strangers = [
      ...unmatched.map((index) => ({ index, leastPresence: KEEP_PRESENCE })),
      ...faint.slice(0, FAINT_PER_SCAN).map((index) => ({ index, leastPresence: SURE_PRESENCE })),
    ];
    for (const { index, leastPresence } of strangers.slice(0, room)) {
      fits.push({ detection: detections[index]!, track: null, leastPresence });
    }
    const readings = await readMeshes(
      this.#options.runModel,
      frame,
      fits.map((fit) => cropOf(fit.detection)),
    );
    for (const [index, fit] of fits.entries()) {
      const { mesh, presence } = readings[index]!;
      if (presence < fit.leastPresence) continue;
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

function merged(detections: readonly Detection[]): Detection[] {
  return dropContained(suppressWeighted(detections));
}
