// mien serve with the trained model as its engine, seen through the dashboard in Chromium.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { stringify } from 'yaml';
import { start } from './programs.mjs';
import { StepFailed } from './steps.mjs';

const WAIT_MS = 240_000;
/** Enough for questions, and little beside a model on the same processor. */
const MAX_FPS = 5;

/** Configuration of `mien serve`: the clip as a camera, and the served model asked in words that it was taught. */
function writeConfig(out, { clip, url, model }) {
  const prompts = join(out, 'questions.yaml');
  const user = 'Please describe the expression of this face.';
  writeFileSync(prompts, stringify({ describe: { system: '', user, answer: 'words', tokens: 60, pictures: 'face' } }));
  const config = join(out, 'serve.yaml');
  const mllm = {
    enabled: true,
    engine: { type: 'openai', urls: [url], model },
    prompts,
    minInterval: '500ms',
    perCameraPerMinute: 120,
    overallPerMinute: 120,
  };
  const camera = { id: 'clip', name: 'Rendered clip', type: 'file', path: clip, loop: true, maxFps: MAX_FPS };
  writeFileSync(config, stringify({ purpose: 'testing', server: { port: 0 }, cameras: [camera], mllm }));
  return config;
}

/** Waits in the dashboard for an answer of the model, pictures the page, and tells what was said. */
async function look(url, { executablePath, picture }) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--headless', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await page.goto(url);
    await page.locator('.person-card').first().click({ timeout: WAIT_MS });
    const insight = page.locator('.insight:not(.unparsable)').first();
    await insight.waitFor({ timeout: WAIT_MS });
    await insight.scrollIntoViewIfNeeded();
    await page.screenshot({ path: picture });
    return (await insight.innerText()).replace(/\s+/g, ' ');
  } catch (error) {
    await page.screenshot({ path: picture });
    throw new StepFailed(`the dashboard showed no answer: ${String(error).split('\n')[0]}`);
  } finally {
    await browser.close();
  }
}

/** Resolves to what was measured: how many answers came, and what the newest on the page says. */
export async function liveAnswer({ mien, out, log, served, clip, executablePath }) {
  const config = writeConfig(out, { clip, ...served });
  const program = start(process.execPath, [mien, 'serve', '--config', config, '--json'], {
    log,
    pattern: /"type":"serving","url":"([^"]+)"/,
  });
  try {
    const [, url] = await program.ready;
    const shown = await look(url, { executablePath, picture: join(out, 'dashboard.png') });
    const { insights } = await (await fetch(new URL('/api/v1/insights', url))).json();
    return `${insights.length} answers; the dashboard shows “${shown.slice(0, 120)}” (dashboard.png)`;
  } finally {
    await program.close();
  }
}
