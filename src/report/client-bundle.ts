import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Modules of the page's script, each after those it imports. */
const MODULES = [
  'words',
  'decode',
  'view-state',
  'canvas',
  'emotion-plot',
  'line-plots',
  'strip-plots',
  'unit-plot',
  'affect-plane',
  'readout',
  'value-table',
  'navigate',
  'face-section',
  'episode-list',
  'theme',
  'main',
] as const;

/**
 * The modules of `client/` as one classic script: a page opened from a file may not import modules. They share one
 * scope, so their top-level names must differ; a test parses the result.
 */
export function clientScript(): { readonly text: string; readonly sha256Base64: string } {
  const modules = MODULES.map((name) =>
    readFileSync(new URL(`./client/${name}.js`, import.meta.url), 'utf8')
      .replace(/^import [^;]*;$/gm, '')
      .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
      .replace(/^export /gm, '')
      .trim(),
  );
  const text = `\n(() => {\n'use strict';\n${modules.join('\n\n')}\n\nstart();\n})();\n`;
  if (/<\/script/i.test(text)) throw new Error('client script must not contain a closing script tag');
  return { text, sha256Base64: createHash('sha256').update(text, 'utf8').digest('base64') };
}
