import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Needs Chromium: CHROMIUM names it, else the usual places are tried; without one these tests fail and say so. */
const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium without a window, for the pages that tests open. */
export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
  if (!executablePath) {
    throw new Error('pages are tested in Chromium, which is missing: apt-get install chromium, or set CHROMIUM');
  }
  const args = ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath, args: [...args, ...more] });
}
