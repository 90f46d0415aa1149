import { VALIDITY_WORDS } from '../view/palette.js';
import { escapeHtml, jsonForScript } from './escape.js';
import { facesHtml } from './html-faces.js';
import { methodHtml } from './html-method.js';
import { peopleHtml } from './html-people.js';
import { coverageHtml, episodesHtml, introHtml, speechHtml, tilesHtml, toolbarHtml } from './html-sections.js';
import type { PageContent } from './page-content.js';
import { pageScript } from './page-script.js';
import { styleSheet } from './styles.js';

/**
 * The whole report as one HTML document. Its content security policy allows its own script (by hash), inline styles
 * and data images, and nothing from anywhere else.
 */
export function reportHtml(content: PageContent): string {
  const script = pageScript('report');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${script.sha256Base64}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(content.run.video.fileName)} · mien report</title>
<link rel="icon" href="data:,">
<style>${styleSheet()}</style></head>
<body><a class="skip" href="#main">Skip to the report</a><div class="page">
<header class="top"><div class="brand">mien<small>affect timeline</small></div><button type="button" id="theme">Theme</button></header>
<main id="main">
${introHtml(content)}
${tilesHtml(content)}
${coverageHtml(content)}
${content.who ? peopleHtml(content.who) : ''}
${speechHtml(content)}
${toolbarHtml(content)}
${facesHtml(content)}
${episodesHtml(content)}
${methodHtml(content)}
</main>
<footer>Made by mien ${escapeHtml(content.run.mienVersion)} on this computer; this file loads nothing and sends nothing.</footer>
</div>
<script type="application/json" id="report-data">${jsonForScript({ ...content.data, words: VALIDITY_WORDS })}</script>
<script>${script.text}</script>
</body></html>
`;
}
