import type { SpeedReport } from './eval-report.js';
import type { NetworkFace } from './network-face.js';

const BATCH = 8;
const WARM_UP_RUNS = 10;
const TIMED_RUNS = 40;

/**
 * Times reading in batches of eight, one after the other, so that a lane with one thread does all of it. The faces are
 * repeated when there are fewer than eight.
 */
export async function measureSpeed(
  read: (faces: readonly NetworkFace[]) => Promise<unknown>,
  faces: readonly NetworkFace[],
): Promise<SpeedReport> {
  const batch = Array.from({ length: BATCH }, (_, index) => faces[index % faces.length]!);
  const times: number[] = [];
  for (let run = 0; run < WARM_UP_RUNS + TIMED_RUNS; run++) {
    const started = performance.now();
    await read(batch);
    if (run >= WARM_UP_RUNS) times.push(performance.now() - started);
  }
  const medianMs = times.sort((a, b) => a - b)[TIMED_RUNS / 2]!;
  return {
    batch: BATCH,
    threads: 1,
    msPerFace: medianMs / BATCH,
    imagesPerSecond: (1000 * BATCH) / medianMs,
    timedRuns: TIMED_RUNS,
  };
}
