import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import type { LiveSystem } from '../../src/live/live-system.js';
import type { ServerOptions } from '../../src/server/server-options.js';
import { launchChromium } from './chromium.js';
import { createFakeLiveSystem, type FakeLiveSystem } from './fake-live-system.js';
import { type FakeServer, startFakeServer } from './fake-server.js';

const CONFIG = fileURLToPath(new URL('../../dashboards/web/vite.config.ts', import.meta.url));

type PreviewOptions = Parameters<LiveSystem['previews']>[1];
export interface PageSession {
  readonly page: Page;
  readonly system: FakeLiveSystem;
  readonly fake: FakeServer;
  /** What pictures were asked for, and of which camera, oldest first. */
  readonly previews: readonly (PreviewOptions & { readonly id: string })[];
  /** Errors and warnings of the console, violations of the policy, requests elsewhere. */
  readonly problems: string[];
}

export interface PageOptions extends Partial<Pick<ServerOptions, 'tokens' | 'kept' | 'rules' | 'cameraFile'>> {
  readonly system?: FakeLiveSystem;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** After the address: "#wall". */
  readonly hash?: string;
}

/** Chromium, and the page as it is built. */
export interface DashboardBrowser {
  /** The built page. */
  readonly folder: string;
  /** The page on the real server with a scripted system in real time. */
  withPage(options: PageOptions, use: (session: PageSession) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Builds the page and starts Chromium. */
export async function openDashboardBrowser(): Promise<DashboardBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'mien-dashboard-e2e-'));
  await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const browser = await launchChromium(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
  return {
    folder,
    withPage: (options, use) => withPage(browser, { ...options, folder }, use),
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function withPage(
  browser: Browser,
  options: PageOptions & { readonly folder: string },
  use: (session: PageSession) => Promise<void>,
): Promise<void> {
  const {
    system: scripted = createFakeLiveSystem({ wallClock: true }),
    tokens,
    kept,
    rules,
    cameraFile,
    hash = '',
  } = options;
  const previews: (PreviewOptions & { readonly id: string })[] = [];
  const ask = scripted.previews;
  const system = Object.assign(scripted, {
    previews: (id: string, wish: PreviewOptions) => {
      previews.push({ ...wish, id });
      return ask(id, wish);
    },
  });
  const fake = await startFakeServer({
    system,
    dashboardDir: options.folder,
    ...(tokens && { tokens }),
    ...(kept && { kept }),
    ...(rules && { rules }),
    ...(cameraFile && { cameraFile }),
  });
  const stop = system.play();
  const { widthPx = 1360, heightPx = 900 } = options;
  const context = await browser.newContext({
    viewport: { width: widthPx, height: heightPx },
    permissions: ['camera'],
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const problems = problemsOf(page, fake.url);
  try {
    await page.goto(fake.url + hash);
    await use({ page, system, fake, previews, problems });
  } finally {
    await context.close();
    stop();
    await fake.close();
  }
}

function problemsOf(page: Page, url: string): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url.replace(/\/$/, '')) && !request.url().startsWith('blob:')) {
      problems.push(`request to ${request.url()}`);
    }
  });
  return problems;
}

export const connected = (page: Page) => page.locator('#connection[data-status=open]').waitFor({ state: 'attached' });
export const tile = (page: Page, id: string) => page.locator(`.tile[data-source=${id}]`);
export const rows = (page: Page) => page.locator('table.events tbody tr');
export const mode = (page: Page) => page.locator('.transport').getAttribute('data-mode');
/** Pixels by which the page is wider than its window. */
export const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Opens what the head of the page has no room for; on a wide screen all of it is there. */
export async function openMenu(page: Page): Promise<void> {
  const menu = page.getByRole('button', { name: 'Menu', exact: true });
  if (await menu.isVisible()) await menu.click();
}

/** Resolves when the picture of a camera is another than it was. */
export const changes = (page: Page, id: string) =>
  page.evaluate(`new Promise((done) => {
    const canvas = document.querySelector('.tile[data-source=${id}] canvas');
    const before = canvas.toDataURL();
    const look = () => (canvas.toDataURL() === before ? setTimeout(look, 20) : done(true));
    look();
  })`);
/** Resolves when the picture of a camera has been the same for 20 refreshes; the picture before may still be decoded. */
export const standsStill = (page: Page, id: string) =>
  page.evaluate(`new Promise((done) => {
    const canvas = document.querySelector('.tile[data-source=${id}] canvas');
    let [before, same] = ['', 0];
    const look = () => {
      const now = canvas.toDataURL();
      same = now === before ? same + 1 : 0;
      before = now;
      if (same === 20) done(true);
      else requestAnimationFrame(look);
    };
    look();
  })`);
export const pixels = (page: Page, id: string) =>
  page.evaluate(`document.querySelector('.tile[data-source=${id}] canvas').toDataURL()`);
export const nextFrames = (page: Page, count: number) =>
  page.evaluate(`new Promise((done) => {
    let left = ${count};
    const step = () => (--left < 0 ? done() : requestAnimationFrame(step));
    step();
  })`);
