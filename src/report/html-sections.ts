import { actionUnitTitle } from '../domain/action-units.js';
import { EMOTIONS } from '../domain/affect.js';
import { VALIDITY } from '../domain/face.js';
import { VALIDITY_WORDS } from '../view/palette.js';
import { escapeHtml } from './escape.js';
import { clock, count, duration, percent } from './format.js';
import { leadPart, tilePart } from './html-people.js';
import type { PageContent } from './page-content.js';

function statusHtml({ summary }: PageContent): string {
  if (summary.status === 'complete') return '';
  const why =
    summary.status === 'interrupted'
      ? 'The run was stopped before the end; everything below is complete up to there.'
      : `The video is damaged; everything below is complete up to the damage. ${summary.problem ?? ''}`;
  return `<p class="problem" role="note">${escapeHtml(why.trim())}</p>`;
}

/** What a person should know of how the file was read, and what was noticed in it; empty when there is nothing. */
function notesHtml({ run, summary }: PageContent): string {
  const notes = [...(run.notes ?? []), ...summary.notes];
  if (notes.length === 0) return '';
  return `<div class="notes" role="note"><b id="notes-title">About this file</b><ul aria-labelledby="notes-title">${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></div>`;
}

/** Title, facts of the file, the summary sentence and what it does not mean. */
export function introHtml(content: PageContent): string {
  const { run, durationSeconds, lead } = content;
  const { video } = run;
  const working =
    video.widthPx === video.sourceWidthPx && video.heightPx === video.sourceHeightPx
      ? ''
      : ` (analysed at ${video.widthPx} × ${video.heightPx})`;
  const facts = [
    duration(durationSeconds),
    `${video.sourceWidthPx} × ${video.sourceHeightPx}${working}`,
    video.nominalFps === null ? null : `${Number(video.nominalFps.toFixed(2))} frames/s`,
    video.codec,
    `analysed ${run.startedAt.slice(0, 16).replace('T', ' ')}`,
  ].filter((fact) => fact !== null);
  return `<section class="intro"><h1>${escapeHtml(video.fileName)}</h1>
<ul class="facts">${facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join('')}</ul>
<p class="lead">${escapeHtml(lead.before)}${leadPart(lead.seen)}${escapeHtml(lead.after)}</p>
<p class="caveat">mien describes visible facial configuration, not inner state: a smile is not proof of joy.</p>${statusHtml(content)}${notesHtml(content)}</section>`;
}

export function tilesHtml({ summary, data, omitted, faces, people }: PageContent): string {
  const episodesOf = (wanted: 'emotion' | 'action-unit'): string =>
    (data.episodes.filter(({ kind }) => kind === wanted).length + omitted.episodes[wanted]).toLocaleString('en-US');
  const tile = (value: string, name: string): string => `<strong>${value}</strong><span>${name}</span>`;
  const tiles = [
    tile(percent(summary.frames === 0 ? 0 : summary.coverage.ok / summary.frames), 'of frames with a readable face'),
    tilePart({ people, tracks: faces.length + omitted.tracks }),
    tile(episodesOf('emotion'), 'expression episodes'),
    ...(data.units.length > 0 ? [tile(episodesOf('action-unit'), 'action unit episodes')] : []),
    tile(summary.frames.toLocaleString('en-US'), 'frames analysed'),
  ];
  return `<ul class="tiles">${tiles.map((html) => `<li>${html}</li>`).join('')}</ul>`;
}

/** Who speaks when: a row a person, which the page's script fills; nothing where nobody is heard. */
export function speechHtml({ data, omitted }: PageContent): string {
  if (!data.episodes.some(({ kind }) => kind === 'speech')) return '';
  const left = omitted.episodes.speech;
  return `<section class="card" id="speech" aria-labelledby="speech-title"><h2 id="speech-title">Who speaks</h2>
<p class="sub">Turns of speech, found from the voice in the sound and the movement of each mouth. Pale: in view and silent.${left > 0 ? ` The ${count(left, 'shortest turn')} ${left === 1 ? 'is' : 'are'} left out of this page.` : ''}</p>
<ul class="speech-rows"></ul><noscript><p class="sub">The rows need JavaScript; the files of the run hold the same turns.</p></noscript></section>`;
}

/** How much of the video had a valid face, and why not. */
export function coverageHtml({ summary }: PageContent): string {
  const present = VALIDITY.filter((name) => summary.coverage[name] > 0);
  const share = (name: (typeof VALIDITY)[number]): number => summary.coverage[name] / Math.max(1, summary.frames);
  const bar = present.map(
    (name) => `<span style="flex:${summary.coverage[name]} 0 0;--swatch:var(--validity-${name})"></span>`,
  );
  const legend = present.map(
    (name) =>
      `<li><span class="swatch" style="--swatch:var(--validity-${name})"></span>${VALIDITY_WORDS[name]} <b>${percent(share(name))}</b></li>`,
  );
  return `<section class="card" aria-labelledby="coverage-title"><h2 id="coverage-title">Coverage</h2>
<p class="sub">How much of the video had a face that could be read, and the reason where it had none. Below, the same over time.</p>
<div class="share" aria-hidden="true">${bar.join('')}</div><ul class="legend">${legend.join('')}</ul>
<canvas id="coverage" aria-hidden="true"></canvas><canvas id="coverage-axis" aria-hidden="true"></canvas></section>`;
}

function segments(
  name: string,
  legend: string,
  choices: readonly [value: string, text: string, disabled?: boolean][],
): string {
  const labels = choices.map(
    ([value, text, disabled], at) =>
      `<label><input type="radio" name="${name}" value="${value}"${at === 0 ? ' checked' : ''}${disabled ? ' disabled' : ''}><span>${text}</span></label>`,
  );
  return `<div class="segments" role="radiogroup" aria-label="${legend}">${labels.join('')}</div>`;
}

export function toolbarHtml({ faces }: PageContent): string {
  if (faces.length === 0) return '';
  const noBaseline = !faces.some(({ baseline }) => baseline === 'ready');
  return `<div id="toolbar" role="toolbar" aria-label="Plots">
${segments('stage', 'Stage of the values', [
  ['smoothed', 'Smoothed'],
  ['baselined', 'Baselined', noBaseline],
  ['raw', 'Raw'],
])}
${segments('view', 'Emotion plot', [
  ['stacked', 'Stacked'],
  ['separate', 'Separate'],
])}
<div class="zoom"><button type="button" id="zoom-out" aria-label="Show more time">−</button><button type="button" id="zoom-in" aria-label="Show less time">+</button><button type="button" id="zoom-all">All</button></div>
<span class="now">Cursor <b id="cursor-time">0:00.00</b></span></div>`;
}

export function episodesHtml({ data, faces, omitted }: PageContent): string {
  if (data.episodes.length === 0) return '';
  const options = (values: readonly string[]): string =>
    values
      .map((value) => `<option value="${escapeHtml(value)}">${escapeHtml(actionUnitTitle(value))}</option>`)
      .join('');
  const units = data.units.map(({ code }) => code).filter((code) => data.episodes.some(({ label }) => label === code));
  const unitOptions = units.length > 0 ? `<option value="action-unit">action units</option>${options(units)}` : '';
  const speech = data.episodes.some(({ kind }) => kind === 'speech') ? '<option value="speech">speech</option>' : '';
  const labels = EMOTIONS.filter((name) => data.episodes.some(({ label }) => label === name));
  const left = Object.values(omitted.episodes).reduce((sum, each) => sum + each, 0);
  return `<section class="card" id="episodes" aria-labelledby="episodes-title"><h2 id="episodes-title">Episodes</h2>
<p class="sub">Stretches of time in which one expression was held${units.length > 0 ? ' or one action unit was active' : ''}. Peak and mean are of the smoothed probability${units.length > 0 ? '; of action units, of the smoothed intensity, 0 to 5' : ''}.${left > 0 ? ` The ${count(left, 'shortest episode')} ${left === 1 ? 'is' : 'are'} left out of this page.` : ''}</p>
<div class="filters"><label>Face<select name="episode-face"><option value="all">all</option>${faces.map(({ id }) => `<option value="${id}">face ${id}</option>`).join('')}</select></label>
<label>Show<select name="episode-what"><option value="emotions">expressions</option>${options(labels)}${unitOptions}<option value="blink">blinks</option>${speech}<option value="all">everything</option></select></label>
<span class="episode-status" role="status"></span></div>
<div class="table-scroll" tabindex="0" role="region" aria-label="Episodes"><table><thead><tr>${['Onset', 'Face', 'What', 'Apex', 'Offset', 'Length', 'Peak', 'Mean'].map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody></tbody></table></div>
<button type="button" class="episode-more" hidden>Show more</button>
<noscript><p class="sub">The list needs JavaScript; the files of the run hold the same episodes.</p></noscript></section>`;
}

export const axisNote = (content: PageContent): string =>
  `Times count from the start of the video, as players show it, from ${clock(content.data.startUs / 1e6)} to ${clock(content.data.endUs / 1e6)}.`;
