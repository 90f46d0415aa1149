import { escapeHtml } from '../../report/escape.js';
import type { StudyPageMeta } from './page-meta.js';

const HEADS = ['Kind', 'Name', 'Meaning', 'Unit', 'Range', 'Made of', 'Empty means'] as const;

const folded = (title: string, table: string, open = ''): string =>
  `<details${open}><summary><h3 class="inline">${title}</h3></summary>${table}</details>`;

/** How numbers were made, and every column and measure, folded. */
export function methodHtml({ mienVersion, models, codebook }: StudyPageMeta): string {
  const settings = codebook
    .filter(({ kind }) => kind === 'setting')
    .map(
      ({ name, meaning, range, unit }) =>
        `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${escapeHtml(`${range} ${unit}`)}</td><td class="wrap">${escapeHtml(meaning)}</td></tr>`,
    );
  const rows = codebook
    .filter(({ kind }) => kind === 'column' || kind === 'measure')
    .map(
      ({ kind, name, meaning, unit, range, source, missing }) =>
        `<tr><td>${kind}</td><th scope="row"><code>${escapeHtml(name)}</code></th>${[meaning, unit, range, source, missing].map((text) => `<td class="prose">${escapeHtml(text)}</td>`).join('')}</tr>`,
    );
  const table = (label: string, heads: readonly string[], body: readonly string[]): string =>
    `<div class="table-scroll codebook" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
  return `<section class="card" aria-labelledby="method-title"><h2 id="method-title">How the numbers were made</h2>
<p class="sub">mien ${escapeHtml(mienVersion)}${models.length > 0 ? `; ${models.map(escapeHtml).join(', ')}` : ''}.</p>
<ul class="plain">
<li>Frames are weighted by the time they stand for. Windows are half-open: a frame at the end of a question is not in it.</li>
<li>Intervals of a person come from resampling blocks of time, because neighbouring frames are no independent evidence; intervals of a group from resampling people.</li>
<li>What has too few seconds, too little coverage or too few people has no value, and says why.</li>
<li>“Not speaking” counts only time in which the person is known not to speak: a talking mouth looks like surprise or happiness.</li>
<li>“Baseline” is the same measure in the person’s markers of kind baseline, “median” their own median over the session; both are subtracted.</li></ul>
${settings.length > 0 ? folded('Settings', table('Settings', ['Setting', 'Value', 'Meaning'], settings), ' data-print="open"') : ''}
${rows.length > 0 ? folded('Codebook: every column and measure', table('Codebook', HEADS, rows), ' class="screen-only"') : ''}
<p class="shown-for sub">The codebook, with every column and measure, is in codebook.md beside this page.</p></section>`;
}

/** What may be concluded, and what not. */
export const limitsHtml = (): string =>
  `<section class="card" aria-labelledby="limits-title"><h2 id="limits-title">Limits and responsible use</h2><ul class="plain">
<li>Expressions are not feelings. People smile for many reasons, and hide what they feel; write what faces showed, not what people felt.</li>
<li>Errors differ with age, skin tone, culture, pose, light, glasses, hair and masks. Compare people with themselves (relative to baseline), or look whether coverage differs between conditions.</li>
<li>With many measures and markers some intervals miss zero by chance. Say before you look which few you will test.</li>
<li>An interval is not a test of a difference between conditions: use the table and a model of your own, with people as random effects.</li>
<li>People must have agreed to be analysed and may have their results deleted. Participants are pseudonyms; keep the key apart from this page.</li>
<li>Not for hiring, education, policing, border control, credit, insurance, lie detection or medical diagnosis. Inferring emotions at work and in education is prohibited in the European Union (AI Act, Article 5(1)(f)) save for medical or safety reasons.</li></ul></section>`;
