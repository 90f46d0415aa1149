import { isTemplate } from '../domain/insight.js';
import { cardOf } from '../domain/model-size.js';
import type { ModelUse, RunInfo } from '../domain/records.js';
import { escapeHtml } from './escape.js';
import { axisNote } from './html-sections.js';
import type { PageContent } from './page-content.js';

const model = ({ id, version, sha256, licence, job }: ModelUse): string =>
  `<tr><th scope="row">${escapeHtml(id)}</th><td class="prose">${escapeHtml(job)}</td><td>${escapeHtml(version)}</td><td><code title="${escapeHtml(sha256)}">${escapeHtml(sha256.slice(0, 12))}</code></td><td class="prose">${escapeHtml(licence)}</td></tr>`;

const KEYS: readonly (readonly [keys: string, meaning: string])[] = [
  ['<kbd>←</kbd> <kbd>→</kbd>', 'one reading back or on; with <kbd>Shift</kbd> one second'],
  ['<kbd>Page Up</kbd> <kbd>Page Down</kbd>', 'a tenth of the time shown'],
  ['<kbd>n</kbd> <kbd>p</kbd>', 'next or previous episode of the face'],
  ['<kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd>', 'show less or more time, or all of it'],
  ['<kbd>Home</kbd> <kbd>End</kbd>', 'start or end of the video'],
];

const UNITS_READING =
  '<li><b>Action units</b> are movements of the face as the Facial Action Coding System numbers them. <b>Intensity</b> (0 absent to 5 maximum) is how strong a movement is, the percentage beside it (<b>presence</b>) how sure it is that there is any: neither stands for the other. A bar under a row marks the time during which the unit was active. Their panel always shows smoothed values; left and right are the person’s.</li>\n';
const INSIGHTS_READING =
  '<li><b>What a multimodal LLM said</b> are claims of a language model that was shown single pictures. ✓ agreed: measured as present; ✗ contradicted: measured as absent; “ told beforehand: repeated, which proves nothing; ~ too close to call; ? covered, or not measured. Its reasoning may sound convincing and be wrong.</li>\n';
const TEMPLATE_READING =
  '<li><b>In words</b> are sentences that mien makes from the measurements of single moments, by a template: no language model was asked. They repeat what is measured, so that nothing checks them independently. How sure they are is in them: clearly from 90 %, most likely from 70 %, perhaps from 50 %, weakly below. Which movements belong to an expression follows EMFACS.</li>\n';
/** How words of a template and of a model are read, of those that the page has. */
const wordsReading = ({ faces }: PageContent): string => {
  const authors = faces.flatMap(({ insights }) => insights.map(({ insight }) => isTemplate(insight)));
  return `${authors.includes(true) ? TEMPLATE_READING : ''}${authors.includes(false) ? INSIGHTS_READING : ''}`;
};
const unitsLimits = ({ models }: RunInfo): string =>
  `<li>Which action units are reported, and how each was validated, is in <code>${cardOf(models)}</code>. Talking moves the mouth too: lips part and jaw drop are then no expression.</li>\n`;

/** Models, options, how to read the page, its limits and the terms under which it may be used. */
export function methodHtml(content: PageContent): string {
  const { run } = content;
  const options = Object.entries(run.options);
  return `<section class="card" aria-labelledby="models-title"><h2 id="models-title">How it was made</h2>
<p class="sub">mien ${escapeHtml(run.mienVersion)}, run started ${escapeHtml(run.startedAt)}; models on ${run.device.used}, video decoded ${run.decoder.used === 'none' ? 'in software' : `by ${run.decoder.used}`}. ${axisNote(content)}</p>
<h3>Models</h3><div class="table-scroll" tabindex="0" role="region" aria-label="Models"><table><thead><tr>${['Model', 'Job', 'Version', 'SHA-256', 'Licence'].map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${run.models.map(model).join('')}</tbody></table></div>
${options.length > 0 ? `<details><summary><h3 style="display:inline-block">Options</h3></summary><div class="table-scroll"><table><tbody>${options.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td class="wrap">${escapeHtml(String(value ?? 'not set'))}</td></tr>`).join('')}</tbody></table></div></details>` : ''}
</section>
<div class="two"><section class="card" aria-labelledby="reading-title"><h2 id="reading-title">How to read it</h2><ul class="plain">
<li><b>Smoothed</b> values are filtered over time; <b>raw</b> ones are the model’s, frame by frame; <b>baselined</b> ones have the face’s resting expression taken out.</li>
<li>In the Separate view the pale band is the range of the raw readings within a quarter of a second: the wider, the less certain. In a long video each point stands for several frames, and other bands show the range within them.</li>
<li>Valence (unpleasant to pleasant) and arousal (calm to excited) are <b>derived from the emotion distribution</b>, not measured on their own.</li>
<li>Head angles are in degrees from facing the camera. An eye opening of 100 % is a normally open eye.</li>
${run.actionUnits.length > 0 ? UNITS_READING : ''}<li>A face number counts the tracks of this run; it says nothing about who a person is. One person who leaves and comes back may have two.</li>
${wordsReading(content)}<li>Hatched time has no valid reading. A missing value is shown as missing, never as zero.</li></ul></section>
<section class="card" aria-labelledby="limits-title"><h2 id="limits-title">Limits and responsible use</h2><ul class="plain">
<li>This page describes visible facial configuration, not inner state, intention, truthfulness or health.</li>
<li>Not for hiring, education, policing, border control, credit, insurance, lie detection or medical diagnosis. Inferring emotions at work and in education is prohibited in the European Union (AI Act, Article 5(1)(f)) save for medical or safety reasons.</li>
<li>People who are analysed must be told (Article 50(3)).</li>
<li>Errors differ with age, skin tone, culture, pose, light, glasses, hair and masks. Probabilities are calibrated on average, not for one person.</li>
${run.actionUnits.length > 0 ? unitsLimits(run) : ''}<li><b>Not yet measured:</b> ${run.actionUnits.length > 0 ? '' : 'facial action units (AU presence and intensity), '}speech. Blinks come from eye opening. Where eyes look is read with an error of about eight degrees.</li>
<li>The pictures in this page show faces: share it only with those who may see the video.</li></ul></section></div>
<section class="card keys-card" aria-labelledby="keys-title"><h2 id="keys-title">Keyboard</h2><p class="sub">Tab to the plots of a face, then:</p><dl class="keys">${KEYS.map(([keys, meaning]) => `<dt>${keys}</dt><dd>${meaning}</dd>`).join('')}</dl></section>`;
}
