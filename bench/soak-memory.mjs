// Does the memory of `mien serve` stay flat? Two cameras and the dashboard open in a real browser, as users have it; a sample every 30 s.
// node bench/soak-memory.mjs [--minutes 60] [--warm-up 15] [--fps 5] [--url rtsp://… --url http://…] (npm run soak:memory -- --minutes 60)
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { processMemory } from './process-memory.mjs';
import { treeRss } from './process-tree.mjs';
import { save } from './save.mjs';
import { camera, encode, serve, wait } from './serving.mjs';
import { markdownTable, table, theilSen } from './statistics.mjs';
import { workFolder } from './work-folder.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    'warm-up': { type: 'string', default: '15' },
    fps: { type: 'string', default: '5' },
    url: { type: 'string', multiple: true, default: [] },
    clip: { type: 'string', default: join(import.meta.dirname, '..', 'test', 'fixtures', 'demo', 'talking-face.mp4') },
    log: { type: 'string' },
  },
});
const LIMIT_MB_PER_HOUR = 5;
const SAMPLE_S = 30;
const CAMERAS = 2;
const CHROMIUMS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Column: what it is in a sample. */
const PARTS = ['rss', 'pss', 'heap', 'arenas', 'arenaCount', 'anonymous', 'files', 'threads'];
const RUNTIME = {
  v8Used: 'nodejs_heap_size_used_bytes',
  v8Total: 'nodejs_heap_size_total_bytes',
  external: 'nodejs_external_memory_bytes',
};

async function openPage(url) {
  const executablePath = CHROMIUMS.find((path) => path !== undefined && existsSync(path));
  if (!executablePath) throw new Error('no Chromium: install it, or set CHROMIUM to its path');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  return { browser, page };
}

async function sampleOf(mien, seconds) {
  const text = await mien.metrics();
  const runtime = Object.entries(RUNTIME).map(([key, name]) => {
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text);
    return [key, Number(found?.[1] ?? Number.NaN) / 1e6];
  });
  const { cameras, clients } = await mien.stats();
  const analysed = cameras.reduce((sum, each) => sum + each.analysed, 0);
  const { own, tree } = treeRss(mien.pid);
  return {
    seconds,
    ...processMemory(mien.pid),
    ...Object.fromEntries(runtime),
    children: (tree - own) / 1e6,
    analysed,
    clients,
  };
}

const folder = workFolder();
const stream = join(folder, 'camera.ts');
const made = [];
if (values.url.length < CAMERAS) await encode(values.clip, stream, { seconds: 60, fps: 15, size: '640:360' });
while (values.url.length + made.length < CAMERAS) made.push(await camera(stream));
const configs = [...values.url, ...made.map(({ url }) => url)].map((url, index) => ({
  id: `camera-${index + 1}`,
  type: new URL(url).protocol === 'rtsp:' ? 'rtsp' : 'http',
  url,
}));
const mien = await serve(configs, folder, { defaults: { maxFps: Number(values.fps) } });
const { browser, page } = await openPage(mien.url);
const started = performance.now();
const elapsed = () => (performance.now() - started) / 1000;
const samples = [];
while (elapsed() < Number(values.minutes) * 60) {
  await wait(SAMPLE_S - (elapsed() % SAMPLE_S));
  const sample = await sampleOf(mien, elapsed());
  samples.push(sample);
  if (values.log) appendFileSync(values.log, `${JSON.stringify(sample)}\n`);
}
await page.screenshot({ path: values.log ? `${values.log}.png` : join(folder, 'page.png') });
await browser.close();
await mien.stop();
for (const each of made) each.stop();

const settled = samples.filter(({ seconds }) => seconds >= Number(values['warm-up']) * 60);
const hours = settled.map(({ seconds }) => seconds / 3600);
const rows = [['part', 'first', 'warm', 'last', 'most', 'slope an hour', '95 % interval']];
for (const part of [...PARTS, ...Object.keys(RUNTIME), 'children']) {
  const { slope, low, high } = theilSen(
    hours,
    settled.map((sample) => sample[part]),
  );
  const most = Math.max(...samples.map((sample) => sample[part]));
  const cells = [samples[0][part], settled[0][part], settled.at(-1)[part], most, slope];
  rows.push([part, ...cells.map((value) => value.toFixed(1)), `${low.toFixed(1)} to ${high.toFixed(1)}`]);
}
const { slope, low, high } = theilSen(
  hours,
  settled.map(({ rss }) => rss),
);
const frames = samples.at(-1).analysed;
console.log(
  `\n${frames} frames in ${values.minutes} minutes; megabytes, counts; slope after ${values['warm-up']} minutes\n${table(rows)}`,
);
save('soak-memory', { minutes: values.minutes, frames, slope, low, high, samples }, markdownTable(rows));
const held = high < LIMIT_MB_PER_HOUR;
const grows = low > LIMIT_MB_PER_HOUR;
console.log(
  `resident memory: ${slope.toFixed(1)} MB an hour (${low.toFixed(1)} to ${high.toFixed(1)}): ${held ? 'holds' : grows ? 'grows' : 'undecided, run longer'}`,
);
process.exit(held ? 0 : 1);
