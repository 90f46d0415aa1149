import type { Detection, FrameFaces } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { FULL_PACE, type ReadingPace } from '../domain/reading-pace.js';
import { DEFAULT_MIN_FACE_PX } from '../domain/reading-size.js';
import type { RunModel } from '../domain/tensor.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import { isOtherFace, isSurelySame, readAppearance } from './appearance.js';
import { associate } from './associate.js';
import { mayBeBare, noseOffset } from './bare-face.js';
import { overlap } from './crop-matrix.js';
import type { DetectorGeometry } from './decode-detections.js';
import { NEVER_LOOKED, takeDue } from './due-looks.js';
import { type MeshReading, readMeshes } from './face-mesher.js';
import { FaceScanner } from './face-scanner.js';
import { type CanonicalFace, toCameraAxes } from './head-pose.js';
import { aged, idsOf, sightOf, takeBack, trackBox } from './lost-tracks.js';
import { cropOf, interocularPx, roiFromMesh } from './mesh-geometry.js';
import { reportFace } from './report-face.js';
import { sceneGrid } from './scene-cut.js';
import { NO_SCENE, nextScene } from './scene-memory.js';
import { addUnseen } from './suppress.js';
import { type FacesState, initialFacesState, type Track } from './track-state.js';
import type { ValidityLimits } from './validity.js';

export interface FacesOptions {
  readonly runModel: RunModel;
  readonly detectors: readonly DetectorGeometry[];
  readonly canonicalFace: CanonicalFace;
  readonly validity: ValidityLimits;
  /** Smallest face to look for, frame pixels. @default DEFAULT_MIN_FACE_PX */
  readonly minFacePx?: number;
  /** Media seconds between looks for new faces while faces are followed. Lowering it finds them sooner, at more cost. @default 0.4 */
  readonly scanIntervalSeconds?: number;
  /**
   * Media seconds a lost face keeps its track, and the longest gap between frames that tracks outlast. Raising it bridges longer
   * absences, and risks joining two people. @default 2
   */
  readonly reentrySeconds?: number;
  /** Faces followed at once; the strongest are kept. @default 32 */
  readonly maxFaces?: number;
  /** How often faces are to be read from now on. @default FULL_PACE */
  readonly pace?: () => ReadingPace;
}

/**
 * Weak detections of one scan that the mesh is asked about. It held none of 330 on pictures whose faces were painted over
 * to be a face, and is sure of nearly all that are.
 */
const FAINT_PER_SCAN = 2;
/** FaceMesh presence that keeps a track (MediaPipe's own default for tracking confidence). */
const KEEP_PRESENCE = 0.5;
/** A detection that the mesh finds this much of a face in is believed at once; others must last `CONFIRM_SECONDS`, and be strong. */
const SURE_PRESENCE = 0.9;
const CONFIRM_SECONDS = 0.15;
/** Change of the eye distance within one frame, as a natural logarithm, that makes a followed mesh suspect. */
const SUSPECT_CHANGE = 0.1;
/** A mesh that overlaps its own detection less than this has slipped off the face, and is fitted anew. */
const SLIPPED_OVERLAP = 0.35;
const DUPLICATE_OVERLAP = 0.6;

/** A followed track after one more frame: `doubtful` when it is lost or changed size faster than faces do, `changed` when its mesh slipped off the face or lies on another one. */
type Followed = 'good' | 'doubtful' | 'changed';

/** A face to fit the mesh to: of a track, or a new one. */
interface Fit {
  readonly detection: Detection;
  readonly track: Track | null;
  readonly leastPresence: number;
}

/** Detects, aligns and follows the faces of one video. One `step` per frame, in order; state is plain data. */
export class FacesStage {
  state: FacesState = initialFacesState();
  readonly #options: Required<FacesOptions>;
  readonly #scanner: FaceScanner;
  readonly #canonical: CanonicalFace;

  constructor(options: FacesOptions) {
    this.#options = {
      minFacePx: DEFAULT_MIN_FACE_PX,
      scanIntervalSeconds: 0.4,
      reentrySeconds: 2,
      maxFaces: 32,
      pace: () => FULL_PACE,
      ...options,
    };
    this.#scanner = new FaceScanner(this.#options);
    this.#canonical = toCameraAxes(options.canonicalFace);
  }

  /** Faces of the next frame, tracks in rising order of id. */
  async step(frame: Frame): Promise<FrameFaces> {
    const { state } = this;
    const ended: Track[] = [];
    const { sceneCut, away } = this.#beginFrame(frame);
    if (away) this.#endAll(ended);
    const followed = state.tracks.filter((track) => track.seen && !track.bare);
    const bare = state.tracks.filter((track) => track.seen && track.bare);
    const [readings, scanned] = await Promise.all([
      readMeshes(
        this.#options.runModel,
        frame,
        followed.map((track) => roiFromMesh(track.mesh)),
      ),
      this.#scanDue(frame.ptsUs, followed.length) ? this.#scan(frame) : undefined,
    ]);
    const verdicts = followed.map((track, index) => this.#follow(track, readings[index]!, frame));
    const unsure = verdicts.some((verdict) => verdict !== 'good');
    const whole = scanned ?? (unsure ? await this.#scan(frame) : []);
    const detections = await this.#withLooksAt([...bare, ...followed.filter(({ seen }) => !seen)], whole, frame);
    for (const track of bare) track.seen = false;
    const changed = followed.filter((_, index) => verdicts[index] === 'changed');
    if (sceneCut) this.#endAll(ended, new Set(followed.filter((_, index) => verdicts[index] !== 'changed')));
    await this.#adopt(frame, detections, sceneCut ? [] : changed);
    this.#dropDuplicates(ended);
    state.tracks = takeBack(state.tracks);
    this.#endLost(frame.ptsUs, ended);
    this.#confirm(frame.ptsUs);
    return {
      frameIndex: frame.index,
      ptsUs: frame.ptsUs,
      ...this.#report(frame),
      endedTracks: idsOf(ended),
      sceneCut,
    };
  }

  /** Takes the picture into account: whether a cut lies before it, and whether the source was away for long. */
  #beginFrame(frame: Frame): { readonly sceneCut: boolean; readonly away: boolean } {
    const { state } = this;
    const away = state.nowUs !== null && elapsedSeconds(state.nowUs, frame.ptsUs) > this.#options.reentrySeconds;
    state.nowUs = frame.ptsUs;
    const { cut, memory } = nextScene(away ? NO_SCENE : state.scene, sceneGrid(frame), frame.ptsUs);
    state.scene = memory;
    if (cut || away) state.scan.lastScanUs = null;
    return { sceneCut: cut, away };
  }

  /** Ends all tracks but those of `kept` that are in sight: at a cut, faces that are surely the same, as in the half of a picture that did not change. */
  #endAll(ended: Track[], kept: ReadonlySet<Track> = new Set()): void {
    const { state } = this;
    const stays = (track: Track): boolean => kept.has(track) && track.seen;
    ended.push(...state.tracks.filter((track) => !stays(track)));
    state.tracks = state.tracks.filter(stays);
  }

  #scanDue(now: Micros, followed: number): boolean {
    const { lastScanUs } = this.state.scan;
    return (
      followed === 0 || lastScanUs === null || elapsedSeconds(lastScanUs, now) >= this.#options.scanIntervalSeconds
    );
  }

  #scan(frame: Frame): Promise<readonly Detection[]> {
    const following = this.state.tracks.some((track) => track.seen);
    return this.#scanner.scan(frame, this.state.scan, following);
  }

  /** Adds what is seen where faces were that have no mesh, or just lost it. */
  async #withLooksAt(
    tracks: readonly Track[],
    found: readonly Detection[],
    frame: Frame,
  ): Promise<readonly Detection[]> {
    if (tracks.length === 0) return found;
    const places = tracks.map(({ bare, mesh }) => (bare ? cropOf(bare) : roiFromMesh(mesh)));
    return addUnseen(found, await this.#scanner.lookAt(frame, places), this.#scanner.strongScore);
  }

  /** Takes the mesh's reading. */
  #follow(track: Track, reading: MeshReading, frame: Frame): Followed {
    if (reading.presence < KEEP_PRESENCE) {
      track.seen = false;
      return 'doubtful';
    }
    const change = Math.abs(Math.log(interocularPx(reading.mesh) / interocularPx(track.mesh)));
    track.mesh = reading.mesh;
    track.presence = reading.presence;
    const appearance = readAppearance(frame, reading.mesh);
    if (!isSurelySame(track.appearance, appearance)) return 'changed';
    Object.assign(track, { lastSeenUs: frame.ptsUs, ...aged(track, appearance, frame.ptsUs) });
    return change > SUSPECT_CHANGE ? 'doubtful' : 'good';
  }

  /** Joins detections to tracks, and fits the mesh to faces that are new, back, or no longer what they were. */
  async #adopt(frame: Frame, detections: readonly Detection[], changed: readonly Track[]): Promise<void> {
    const fits = this.#fitsFor(frame, detections, changed);
    const readings = await readMeshes(
      this.#options.runModel,
      frame,
      fits.map((fit) => cropOf(fit.detection)),
    );
    const bareFaces = await this.#bareFaces(frame, fits, readings);
    const unconfirmed = new Set(changed);
    for (const [index, fit] of fits.entries()) {
      const { track, detection } = fit;
      const { mesh, presence } = readings[index]!;
      const bare = presence < fit.leastPresence ? detection : null;
      if (bare && !bareFaces.has(fit)) continue;
      const now = { presence, bare, lastSeenUs: frame.ptsUs, seen: true, ...detectedAs(detection) };
      if (bare && track) Object.assign(track, now);
      if (bare && track) continue;
      const appearance = readAppearance(frame, mesh);
      const other = track && isOtherFace(track.appearance, appearance, track.seen ? 'followed' : 'back');
      if ((track?.seen || track?.bare) && !other) {
        Object.assign(track, { ...now, mesh }, aged(track, appearance, frame.ptsUs));
        unconfirmed.delete(track);
      } else {
        if (track) track.seen = false;
        const looked = { ...NEVER_LOOKED };
        const steady = { older: appearance, newer: appearance, newerUs: frame.ptsUs };
        this.state.tracks.push({ id: 0, firstSeenUs: frame.ptsUs, ...now, mesh, appearance, steady, looked });
      }
    }
    for (const track of unconfirmed) if (track.seen) this.#takeUnconfirmed(track, frame);
  }

  /** The fits in which the mesh finds no face, but the detectors do. */
  async #bareFaces(frame: Frame, fits: readonly Fit[], readings: readonly MeshReading[]): Promise<ReadonlySet<Fit>> {
    const meshless = fits.filter(
      ({ detection, track, leastPresence }, index) =>
        readings[index]!.presence < leastPresence && !track?.seen && mayBeBare(detection, frame),
    );
    const about = meshless.map(({ detection, track }) => ({ detection, followed: Boolean(track?.bare) }));
    const areBare = await this.#scanner.bareFaces(frame, about);
    return new Set(meshless.filter((_, index) => areBare[index]));
  }

  /** A changed face that no detection confirms: where it is too unlike, the mesh may have slipped off, and the track waits for its face. */
  #takeUnconfirmed(track: Track, frame: Frame): void {
    const appearance = readAppearance(frame, track.mesh);
    if (isOtherFace(track.appearance, appearance, 'followed')) track.seen = false;
    else Object.assign(track, { lastSeenUs: frame.ptsUs, ...aged(track, appearance, frame.ptsUs) });
  }

  /** Which detections the mesh is to be fitted to. */
  #fitsFor(frame: Frame, detections: readonly Detection[], changed: readonly Track[]): Fit[] {
    const { tracks } = this.state;
    // Indices stand for tracks here: those not yet confirmed have no id.
    const sights = tracks.map((track, index) => ({ ...sightOf(track, frame.ptsUs), id: index }));
    const { strongScore } = this.#scanner;
    const { matches, unmatched, faint } = associate(sights, detections, { strongScore });
    const fits: Fit[] = [];
    for (const [index, detectionIndex] of matches) {
      const track = tracks[index]!;
      const detection = detections[detectionIndex]!;
      Object.assign(track, detectedAs(detection));
      const slipped = overlap(trackBox(track), detection.box) < SLIPPED_OVERLAP;
      if (!track.seen || slipped || changed.includes(track)) {
        fits.push({ detection, track, leastPresence: KEEP_PRESENCE });
      }
    }
    const strangers: Fit[] = [
      ...unmatched.map((index) => ({ detection: detections[index]!, track: null, leastPresence: KEEP_PRESENCE })),
      ...faint
        .slice(0, FAINT_PER_SCAN)
        .map((index) => ({ detection: detections[index]!, track: null, leastPresence: SURE_PRESENCE })),
    ];
    return [...fits, ...strangers.slice(0, Math.max(0, this.#options.maxFaces - tracks.length))];
  }

  /** Of two tracks on one face, the older stays. */
  #dropDuplicates(ended: Track[]): void {
    const kept: Track[] = [];
    for (const track of this.state.tracks) {
      const twin =
        track.seen && kept.some((other) => other.seen && overlap(trackBox(other), trackBox(track)) > DUPLICATE_OVERLAP);
      if (twin) ended.push(track);
      else kept.push(track);
    }
    this.state.tracks = kept;
  }

  #endLost(now: Micros, ended: Track[]): void {
    const over = (track: Track): boolean =>
      !track.seen && (track.id === 0 || elapsedSeconds(track.lastSeenUs, now) > this.#options.reentrySeconds);
    ended.push(...this.state.tracks.filter(over));
    this.state.tracks = this.state.tracks.filter((track) => !over(track));
  }

  #confirm(now: Micros): void {
    for (const track of this.state.tracks) {
      if (track.id > 0 || !track.seen) continue;
      const sure = track.presence >= SURE_PRESENCE;
      if (sure || elapsedSeconds(track.firstSeenUs, now) >= CONFIRM_SECONDS) track.id = this.state.nextTrackId++;
    }
  }

  #report(frame: Frame): Required<Pick<FrameFaces, 'faces' | 'due'>> {
    const options = { canonical: this.#canonical, validity: this.#options.validity };
    const tracks = this.state.tracks.filter((track) => track.seen && track.id > 0).sort((a, b) => a.id - b.id);
    const faces = tracks.map((track) => reportFace(track, frame, options));
    return { faces, due: takeDue(faces, tracks, { now: frame.ptsUs, pace: this.#options.pace() }) };
  }
}

/** What a track keeps of the detection that saw it last. */
function detectedAs({ score, keypoints }: Detection): Pick<Track, 'detectionScore' | 'noseOffset'> {
  return { detectionScore: score, noseOffset: noseOffset(keypoints) };
}
