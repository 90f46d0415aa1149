import type { RunSummary } from '../domain/records.js';
import type { LanePool } from '../inference/lane-pool.js';

/** Speed and memory of a process's runs, for benchmarks. */
export class RunStats {
  readonly #started = performance.now();
  readonly #startedCpu = process.cpuUsage();
  #frames = 0;
  #records = 0;

  add(summary: RunSummary): void {
    this.#frames += summary.frames;
    this.#records += summary.records;
  }

  report(lanes: LanePool): Record<string, unknown> {
    const wallSeconds = (performance.now() - this.#started) / 1000;
    const { user, system } = process.cpuUsage(this.#startedCpu);
    const stages = Object.fromEntries(
      [...lanes.modelTimes].map(([id, time]) => [
        id,
        { runs: time.runs, msPerRun: time.busyMs / time.runs, msPerFrame: time.busyMs / this.#frames },
      ]),
    );
    return {
      frames: this.#frames,
      records: this.#records,
      wallSeconds,
      framesPerSecond: this.#frames / wallSeconds,
      /** Of this process, lanes included; the decoder is a process of its own. */
      cpuSeconds: (user + system) / 1e6,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      laneRestarts: lanes.restarts,
      stages,
    };
  }
}
