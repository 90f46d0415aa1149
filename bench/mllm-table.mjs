// The phases of `npm run bench -- mllm` as lines: of the product with a language model, and of the one beside it without.
import { summary } from './serving.mjs';
import { median } from './statistics.mjs';

const words = (counts) =>
  Object.entries(counts)
    .map(([labels, count]) => `${/"([^"]+)"/.exec(labels)?.[1] ?? labels} ${count}`)
    .join(', ') || '-';

const add = (rows, pick) => rows.reduce((sum, row) => sum + pick(row), 0);
const addCounts = (list) => {
  const sum = {};
  for (const counts of list) for (const [key, count] of Object.entries(counts)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
};

/** A line per phase: sums and greatest values over the rounds, ratios and percentiles as medians of the rounds. */
export function phaseLines(rounds) {
  return rounds[0].map(({ name }, phase) => {
    const rows = rounds.map((round) => round[phase]);
    const p = ({ latencies }) => summary(latencies);
    const middle = (pick) => median(rows.map(pick));
    return {
      name,
      fps: middle((row) => row.fps),
      fpsOfNone: middle((row) => row.fps / row.without.fps),
      dropped: add(rows, (row) => row.dropped),
      frames: add(rows, (row) => row.frames),
      p50: middle((row) => summary(row.latencies).p50),
      p95: middle((row) => summary(row.latencies).p95),
      p99: middle((row) => summary(row.latencies).p99),
      p50Without: middle((row) => p(row.without).p50),
      p95Without: middle((row) => p(row.without).p95),
      p99Without: middle((row) => p(row.without).p99),
      p95OfNone: middle((row) => p(row).p95 / p(row.without).p95),
      p95OfNoneEach: rows.map((row) => p(row).p95 / p(row.without).p95),
      droppedWithout: add(rows, (row) => row.without.dropped),
      framesWithout: add(rows, (row) => row.without.frames),
      asked: add(rows, (row) => row.asked),
      insights: add(rows, (row) => row.insights),
      drops: addCounts(rows.map((row) => row.drops)),
      queue: Math.max(...rows.map((row) => row.queue)),
      rssMiB: Math.max(...rows.map((row) => row.rssMiB)),
      msEach: middle((row) => row.msEach ?? 0),
      backAfter: middle((row) => row.backAfter ?? 0),
    };
  });
}

const PHASE_HEAD = [
  'engine',
  'frames/s',
  'of without',
  'dropped (without)',
  'p50 / p95 / p99 ms',
  'without',
  'p95 of without',
  'questions',
  'insights',
  'given up, by reason',
  'longest queue',
  'RSS MiB',
];
const share = (dropped, frames) => `${((100 * dropped) / Math.max(1, dropped + frames)).toFixed(1)} %`;
export const phaseTable = (lines) => [
  PHASE_HEAD,
  ...lines.map((line) => [
    line.name,
    line.fps.toFixed(1),
    line.fpsOfNone.toFixed(2),
    `${share(line.dropped, line.frames)} (${share(line.droppedWithout, line.framesWithout)})`,
    `${line.p50} / ${line.p95} / ${line.p99}`,
    `${line.p50Without} / ${line.p95Without} / ${line.p99Without}`,
    line.p95OfNone.toFixed(2),
    line.asked,
    line.insights,
    words(line.drops),
    line.queue,
    line.rssMiB.toFixed(0),
  ]),
];
