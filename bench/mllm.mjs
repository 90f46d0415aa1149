// npm run bench -- mllm: whether cameras notice a language model that is quick, slow, silent, dead or hostile, all in one run. Beside each phase, at
// the same moment, runs a `mien serve` without any. And how the stage's throughput grows with what it may have in flight.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatEngine, fast, HOSTILE_KINDS, hostile, oneByOne, silent } from './chat-engine.mjs';
import { EMBEDDED_TITLE, embedded } from './mllm-embedded.mjs';
import { phaseLines, phaseTable } from './mllm-table.mjs';
import { throughputTables } from './mllm-throughput.mjs';
import {
  answering,
  CAMERA_FPS,
  configOf,
  KEYFRAMES_PER_MINUTE,
  running,
  settled,
  start,
  TASKS,
  watch,
} from './mllm-watch.mjs';
import { save } from './save.mjs';
import { encode, summary, wait } from './serving.mjs';
import { markdownTable, table } from './statistics.mjs';

/** All phases once: a `mien serve` with the engine, and at the same time one without any, each with a camera. */
async function round({ quick, path, folder }) {
  const seconds = quick ? 5 : 12;
  const engine = await chatEngine();
  await engine.kill();
  const control = await start({ path, folder, config: {} });
  const subject = await start({ path, folder, config: configOf({ urls: [engine.url], model: 'scripted' }) });
  const { mien, seen } = subject;
  const rows = [];
  const phase = async (name, mode, during) => {
    engine.mode(mode);
    const [row, without] = await Promise.all([
      watch(mien, { name, seconds, seen, engine, during }),
      watch(control.mien, { name, seconds, seen: control.seen }),
    ]);
    rows.push({ ...row, without });
    const [p95, ofNone] = [row, without].map(({ latencies }) => summary(latencies).p95);
    console.log(
      `  ${name}: ${row.fps.toFixed(1)} frames/s, p95 ${p95} ms; without: ${without.fps.toFixed(1)}, ${ofNone}`,
    );
    return rows.at(-1);
  };
  try {
    await Promise.all([running(mien), running(control.mien)]);
    await wait(quick ? 2 : 5);
    await phase('not there yet', fast());
    await engine.restore();
    await answering(seen);
    const quickRow = await phase('answers at once', fast());
    const msEach = (10 * 1000 * quickRow.seconds) / Math.max(1, quickRow.asked);
    (await phase('10 times too slow', oneByOne(msEach))).msEach = msEach;
    await phase('never answers', silent());
    engine.mode(fast());
    await settled(mien, seen);
    const killed = await phase('killed, then restored', fast(), async () => {
      await wait(seconds / 4);
      await engine.kill();
      await wait(seconds / 4);
      await engine.restore();
    });
    killed.backAfter = await answering(seen);
    await settled(mien, seen);
    await phase('hostile answers', hostile());
    engine.mode(fast());
    await settled(mien, seen);
    await phase('answers at once, again', fast());
  } finally {
    await subject.stop();
    await control.stop();
    await engine.kill();
  }
  return rows;
}

/**
 * @param engine - a real server and its model for the second table; null: the scripted one only
 * @param only - 'phases', 'embedded' or 'throughput'; undefined for all
 */
export async function mllm(clip, { quick, rounds: roundCount, engine, only }) {
  const folder = mkdtempSync(join(tmpdir(), 'mien-mllm-'));
  const path = join(folder, 'camera.ts');
  const parts = [];
  const show = (title, rows) => {
    console.log(`\n${title}\n${table(rows)}`);
    parts.push(`${title}\n\n${markdownTable(rows)}`);
  };
  const say = (line) => {
    console.log(line);
    parts.push(line);
  };
  try {
    const results = { phases: [], embedded: [], throughput: [] };
    if (only !== 'throughput') await encode(clip, path, { fps: CAMERA_FPS });
    if (only === undefined || only === 'phases') {
      const rounds = [];
      for (let n = 1; n <= roundCount; n++) {
        console.log(`round ${n} of ${roundCount}`);
        rounds.push(await round({ quick, path, folder }));
      }
      results.phases = phaseLines(rounds);
      show(
        `Two \`mien serve\` at once, with and without the engine, each with one camera of 1280x720 at ${CAMERA_FPS} frames a second; at most ${KEYFRAMES_PER_MINUTE} keyframes a minute, ${TASKS.length} questions each, ${roundCount} round(s); ms from a frame's arrival to its delivery`,
        phaseTable(results.phases),
      );
      const slow = results.phases.find(({ msEach }) => msEach > 0);
      const killed = results.phases.find(({ backAfter }) => backAfter > 0);
      say(`10 times too slow: one question at a time, ${Math.round(slow.msEach)} ms each.`);
      say(
        `Killed for a quarter of its phase; the first insight after the phase came ${killed.backAfter.toFixed(1)} s into what followed.`,
      );
      say(`Hostile answers in turn: ${HOSTILE_KINDS.join('; ')}.`);
    }
    if (only === undefined || only === 'embedded') {
      results.embedded = await embedded({ quick, rounds: roundCount, path, folder });
      show(EMBEDDED_TITLE, phaseTable(results.embedded));
    }
    if (only === undefined || only === 'throughput') {
      results.throughput = await throughputTables(clip, { folder, quick, engine });
      for (const { title, cells } of results.throughput) show(title, cells);
      if (!engine) console.log('\nno real server was measured: name one with --mllm-url URL --mllm-model NAME');
    }
    save('mllm', results, parts.join('\n\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
