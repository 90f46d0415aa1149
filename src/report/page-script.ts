import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What Vite builds of dashboards/report and dashboards/study, in dist. */
const FILES = { report: 'report/page.js', study: 'study/report/page.js' } as const;

/** The script of a page, one classic script: a page opened from a file may not import modules. */
export function pageScript(page: keyof typeof FILES): { readonly text: string; readonly sha256Base64: string } {
  // This file is in dist, or runs from its source.
  const places = [`../${FILES[page]}`, `../../dist/${FILES[page]}`];
  const path = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
  if (!path) throw new Error(`the script of the page ${page} is not built: run npm run build`);
  const text = `\n${readFileSync(path, 'utf8').trim()}\n`;
  if (/<\/script/i.test(text)) throw new Error('the script of a page must not contain a closing script tag');
  return { text, sha256Base64: createHash('sha256').update(text, 'utf8').digest('base64') };
}
