import { escapeHtml, jsonForScript } from '../../report/escape.js';
import { pageScript } from '../../report/page-script.js';
import { limitsHtml, methodHtml } from './html-method.js';
import { coverageHtml, introHtml, picturesHtml, tilesHtml, toolbarHtml } from './html-results.js';
import type { StudyPageMeta } from './page-meta.js';
import type { GatheredStudy } from './report-gatherer.js';
import { studyStyleSheet } from './study-styles.js';

/**
 * The report of a study as one HTML document. Its content security policy allows its own script (by hash), inline styles
 * and data images, and nothing from anywhere else.
 */
export function studyPageHtml(meta: StudyPageMeta, gathered: GatheredStudy): string {
  const script = pageScript('study');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${script.sha256Base64}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(meta.study)} · mien study</title>
<link rel="icon" href="data:,">
<style>${studyStyleSheet()}</style></head>
<body><a class="skip" href="#main">Skip to the report</a><div class="page">
<header class="top"><div class="brand">mien<small>study</small></div><button type="button" id="theme">Theme</button></header>
<main id="main">
${introHtml(meta, gathered)}
${tilesHtml(gathered)}
${toolbarHtml()}
${picturesHtml(gathered)}
${coverageHtml(gathered)}
${methodHtml(meta)}
${limitsHtml()}
</main>
<footer>Made by mien ${escapeHtml(meta.mienVersion)} on this computer; this file loads nothing and sends nothing.</footer>
</div>
<script type="application/json" id="study-data">${jsonForScript(gathered.data)}</script>
<script>${script.text}</script>
</body></html>
`;
}
