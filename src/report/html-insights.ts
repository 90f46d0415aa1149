import { isTemplate } from '../domain/insight.js';
import { secondsOf } from '../domain/units.js';
import type { ReportInsight } from './bounded-insights.js';
import { escapeHtml } from './escape.js';
import { clock, count } from './format.js';
import { type Claim, insightWords, reasonsTitle, STANDING_WORDS, VERDICT_WORDS } from './insight-words.js';
import type { FaceContent } from './page-content.js';

function claimHtml({ code, name, verdict }: Claim): string {
  const { sign, words } = VERDICT_WORDS[verdict];
  return `<li class="${verdict}"><span class="sign" aria-hidden="true">${sign}</span><span><b>${escapeHtml(code)}</b> ${escapeHtml(name)}</span><span class="verdict">${words}</span></li>`;
}

function evidenceHtml(track: number, { insight, jpeg }: ReportInsight): string {
  const seconds = secondsOf(insight.ptsUs);
  const at = clock(seconds);
  const picture = jpeg
    ? `<img src="data:image/jpeg;base64,${jpeg.toString('base64')}" width="84" height="84" alt="Face ${track} at ${at}, which the words are about">`
    : '';
  return `<button type="button" class="evidence" data-go="${seconds}" title="Go to ${at}">${picture}<span class="when">${at}</span></button>`;
}

function insightHtml(track: number, shown: ReportInsight): string {
  const words = insightWords(shown.insight);
  const origin = `<p class="origin">${escapeHtml(words.origin)}.</p>`;
  if (words.unparsable) {
    return `<li class="insight unparsable">${evidenceHtml(track, shown)}<div><p class="origin">Its answer could not be read; nothing is taken from it.</p>${origin}</div></li>`;
  }
  const text = (value: string | null): string => (value === null ? '' : `<p class="words">${escapeHtml(value)}</p>`);
  const verdict =
    words.standing === 'disagrees'
      ? `<p class="disagrees"><span class="sign" aria-hidden="true">≠</span><span><b>Disagrees with the measurement</b>: ${escapeHtml(words.disagreement ?? '')}.</span></p>`
      : words.standing === 'repeated'
        ? ''
        : `<p class="origin">${STANDING_WORDS[words.standing]}</p>`;
  const fused =
    words.fused === null ? '' : `<p class="origin">Together with the measurement: ${escapeHtml(words.fused)}.</p>`;
  return `<li class="insight">${evidenceHtml(track, shown)}<div>
<p class="headline"><b>${escapeHtml(words.headline)}</b>${words.detail === null ? '' : ` (${escapeHtml(words.detail)})`}</p>${verdict}${fused}${text(words.description)}
${words.claims.length === 0 ? '' : `<ul class="claims" aria-label="Movements it names">${words.claims.map(claimHtml).join('')}</ul>`}
${words.omitted.length === 0 ? '' : `<p class="origin">Measured, but not named: ${escapeHtml(words.omitted.join(', '))}.</p>`}
${words.reasoning === null ? '' : `<details><summary>${reasonsTitle(shown.insight)}</summary>${text(words.reasoning)}</details>`}${origin}</div></li>`;
}

const SAID = {
  template: [
    'In words',
    'Sentences made by mien from the measurements of single pictures, by a template and not by a language model. They repeat the measurements and say nothing beyond them.',
  ],
  model: [
    'What a multimodal LLM said',
    'A language model’s claims about single pictures, each checked against what was measured at the same moment; not measurements.',
  ],
} as const;

/** What was said of a face in words; nothing where nothing was. */
export function insightsHtml({ id, insights, omittedInsights }: FaceContent): string {
  if (insights.length === 0) return '';
  const rest =
    omittedInsights > 0
      ? ` ${count(omittedInsights, 'more')} ${omittedInsights === 1 ? 'is' : 'are'} left out of this page.`
      : '';
  const [title, about] = SAID[insights.every(({ insight }) => isTemplate(insight)) ? 'template' : 'model'];
  return `<div class="insights"><h3 id="face-${id}-insights">${title}</h3>
<p class="sub">${about}${rest}</p>
<ul class="insight-list" aria-labelledby="face-${id}-insights">${insights.map((insight) => insightHtml(id, insight)).join('\n')}</ul></div>`;
}
