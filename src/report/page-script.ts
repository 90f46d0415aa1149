import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What Vite builds of dashboards/report, beside this file in the package, in dist while it runs from its source. */
const PLACES = ['./page.js', '../../dist/report/page.js'].map((place) =>
  fileURLToPath(new URL(place, import.meta.url)),
);

/** The page's script, one classic script: a page opened from a file may not import modules. */
export function pageScript(): { readonly text: string; readonly sha256Base64: string } {
  const path = PLACES.find(existsSync);
  if (!path) throw new Error('the script of the report is not built: run npm run build');
  const text = `\n${readFileSync(path, 'utf8').trim()}\n`;
  if (/<\/script/i.test(text)) throw new Error('the script of the report must not contain a closing script tag');
  return { text, sha256Base64: createHash('sha256').update(text, 'utf8').digest('base64') };
}
