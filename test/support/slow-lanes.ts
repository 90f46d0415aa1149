import type { LiveEvent, LiveFrame } from '../../src/domain/live.js';
import type { ReadingPace } from '../../src/domain/reading-pace.js';
import { micros, millis } from '../../src/domain/units.js';
import { LiveCameras } from '../../src/live/live-cameras.js';
import type { FramePipeline } from '../../src/pipeline/face-pipeline.js';
import { cameraConfig, nothingTried, ScriptedFeed, telemetryLog } from './live-frames.js';
import { LIVE_INFO } from './live-info.js';
import { ManualClock } from './manual-clock.js';
import { faceRecord } from './record-builders.js';

/** Milliseconds that a lane takes for one face. */
export interface Costs {
  readonly mesh: number;
  readonly affect: number;
}

/** Lanes that are busy by a clock which only the test moves: first come, first served. */
class SlowLanes {
  readonly #clock: ManualClock;
  readonly #waiting: { readonly ms: number; readonly done: () => void }[] = [];
  #free: number;

  constructor(clock: ManualClock, lanes: number) {
    this.#clock = clock;
    this.#free = lanes;
  }

  run(ms: number): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ ms, done });
      this.#start();
    });
  }

  #start(): void {
    while (this.#free > 0 && this.#waiting.length > 0) {
      const { ms, done } = this.#waiting.shift()!;
      this.#free -= 1;
      this.#clock.after(ms, () => {
        this.#free += 1;
        done();
        this.#start();
      });
    }
  }
}

/** What became of the frames of one camera. */
export interface CameraCounts {
  analysed: number;
  affect: number;
  lost: number;
  /** Milliseconds from arrival to result. */
  readonly agesMs: number[];
}

const LANES = 2;
const FRAME = { widthPx: 16, heightPx: 16, data: new Uint8Array(new SharedArrayBuffer(384)) };

/** All of `src/live` on two lanes of a fake machine: one face at each camera, 30 frames a second. */
export class SlowMachine {
  readonly clock = new ManualClock();
  readonly counts = new Map<string, CameraCounts>();
  readonly events: LiveEvent[] = [];
  readonly lines: readonly string[];
  readonly cameras: LiveCameras;
  costs: Costs;
  readonly #lanes = new SlowLanes(this.clock, LANES);
  readonly #feeds = new Map<string, ScriptedFeed>();

  constructor(costs: Costs) {
    this.costs = costs;
    const { telemetry, lines } = telemetryLog();
    this.lines = lines;
    this.cameras = new LiveCameras({
      info: LIVE_INFO,
      maxCameras: 8,
      retainEpisodes: { ms: 60_000, count: 100 },
      preview: { enabled: false, maxFps: 10, maxSidePx: 640, blurFaces: false },
      telemetry,
      check: async () => undefined,
      openSource: nothingTried,
      openFeed: (config) => {
        const feed = new ScriptedFeed(config);
        this.#feeds.set(config.id, feed);
        return feed;
      },
      createPipeline: ({ id }, pace) => this.#pipeline(id, pace),
      redact: (config) => config,
      lanes: () => ({ count: LANES, restarts: 0 }),
      clients: () => 0,
      onError: (_source, error) => {
        throw error;
      },
      now: () => this.clock.nowMs(),
    });
    this.cameras.events.subscribe((event) => {
      this.events.push(event);
      if (event.type === 'faces') this.counts.get(event.source)!.agesMs.push(this.clock.nowMs() - event.arrivedAt);
    });
  }

  async add(...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.counts.set(id, { analysed: 0, affect: 0, lost: 0, agesMs: [] });
      await this.cameras.addCamera(cameraConfig(id));
      const feed = this.#feeds.get(id)!;
      feed.handlers!.onState(feed.state('running'));
    }
  }

  /** Lets frames arrive for so many seconds, those of each camera at moments of their own. */
  async play(seconds: number): Promise<void> {
    const interval = 1000 / 30;
    const begin = this.clock.nowMs();
    const arrivals = this.cameras.cameras().flatMap(({ id }, camera) =>
      Array.from({ length: seconds * 30 }, (_, frame) => ({
        id,
        atMs: begin + (frame + ((camera * 0.37) % 1)) * interval,
      })),
    );
    for (const { id, atMs } of arrivals.sort((a, b) => a.atMs - b.atMs)) {
      await this.clock.advance(Math.max(0, atMs - this.clock.nowMs()));
      this.#feeds.get(id)!.handlers!.onFrame(this.#frame(atMs));
    }
    await this.clock.advance(Math.max(0, begin + seconds * 1000 - this.clock.nowMs()));
    for (const { id, analysed, dropped } of this.cameras.stats().cameras)
      Object.assign(this.counts.get(id)!, { analysed, lost: dropped.superseded });
  }

  /** What was counted of each camera that is there, of the last `seconds` that are played now. */
  async count(seconds: number): Promise<CameraCounts[]> {
    const before = new Map([...this.counts].map(([id, counts]) => [id, { ...counts, agesMs: [...counts.agesMs] }]));
    await this.play(seconds);
    return this.cameras.cameras().map(({ id }) => {
      const [was, is] = [before.get(id)!, this.counts.get(id)!];
      return {
        analysed: is.analysed - was.analysed,
        affect: is.affect - was.affect,
        lost: is.lost - was.lost,
        agesMs: is.agesMs.slice(was.agesMs.length),
      };
    });
  }

  #frame(atMs: number): LiveFrame {
    const frame = { ...FRAME, index: 0, ptsUs: micros(Math.round(atMs * 1000)) };
    return { lease: { frame, release: () => undefined }, arrivedAt: millis(atMs), wallTimeMs: atMs };
  }

  /** A mesh for every frame, affect as the pace allows. */
  #pipeline(id: string, pace: () => ReadingPace): FramePipeline<null> {
    let lastUs = Number.NEGATIVE_INFINITY;
    return {
      locate: async ({ index, ptsUs }) => {
        await this.#lanes.run(this.costs.mesh);
        return { frameIndex: index, ptsUs, faces: [], endedTracks: [], sceneCut: false };
      },
      read: async (_frame, { ptsUs }) => {
        if ((ptsUs - lastUs) / 1e6 < pace().affect - 0.005) return null;
        lastUs = ptsUs;
        this.counts.get(id)!.affect += 1;
        await this.#lanes.run(this.costs.affect);
        return null;
      },
      advance: () => ({ records: [faceRecord(0, { source: id })], episodes: [] }),
      weighIn: () => null,
      finish: () => [],
    };
  }
}
