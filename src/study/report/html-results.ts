import { counted } from '../../domain/counted.js';
import { escapeHtml } from '../../report/escape.js';
import { percentText } from '../../view/number-words.js';
import type { StudyPageMeta } from './page-meta.js';
import type { GatheredStudy } from './report-gatherer.js';
import { leadText, lengthText, readShare } from './study-words.js';

/** Title, lead and what went wrong. */
export function introHtml(meta: StudyPageMeta, gathered: GatheredStudy): string {
  const failed =
    meta.failures.length === 0
      ? ''
      : `<div class="problem" role="note"><b>${counted(meta.failures.length, 'video')} not whole:</b> ${meta.failures.map(({ video, problem }) => `${escapeHtml(video)} (${escapeHtml(problem)})`).join(', ')}.</div>`;
  return `<div class="intro"><h1>${escapeHtml(meta.study)}</h1>
<p class="lead">${escapeHtml(leadText(gathered))}</p>
<p class="caveat">Numbers describe visible facial configuration, not inner state. Points are people, bars are means over people with 95 % intervals; what is too thin to tell is left out, with the reason.</p>${failed}</div>`;
}

/** The study in four numbers. */
export function tilesHtml(gathered: GatheredStudy): string {
  const { coverage, counts } = gathered;
  const { seconds, share } = readShare(gathered);
  const people = new Set(coverage.map(({ participant }) => participant)).size;
  const left = [...counts.empty.values()].reduce((sum, count) => sum + count, 0);
  const tiles = [
    [String(people), people === 1 ? 'person' : 'people'],
    [String(new Set(coverage.map(({ session }) => session)).size), 'sessions'],
    [lengthText(seconds), 'of faces that count'],
    [percentText(share), 'of it could be read'],
    [counts.values.toLocaleString('en-US'), `numbers; ${left.toLocaleString('en-US')} left out as too thin`],
  ];
  return `<ul class="tiles">${tiles.map(([number, words]) => `<li><strong>${number}</strong><span>${words}</span></li>`).join('')}</ul>`;
}

const select = (id: string, label: string): string =>
  `<label class="choice" for="${id}"><span>${label}</span><select id="${id}" name="${id}"></select></label>`;

/** What to look at; the script fills the lists. */
export const toolbarHtml = (): string =>
  `<form id="choices" class="choices" aria-label="What to show">${select('measure', 'Measure')}${select('reference', 'Relative to')}${select('speech', 'Time')}</form>`;

const figure = (id: string, title: string, sub: string): string =>
  `<section class="card" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p class="sub">${sub}</p><div id="${id}"></div></section>`;

/** The pictures, which the script draws. */
export function picturesHtml({ data, omitted }: GatheredStudy): string {
  const markers = data.windows.length > 0;
  const many =
    omitted.markers > 0
      ? ` ${counted(omitted.markers, 'marker')} more ${omitted.markers === 1 ? 'is' : 'are'} in the tables only.`
      : '';
  const strips = omitted.strips > 0 ? ` ${counted(omitted.strips, 'person', 'people')} more did not fit.` : '';
  const left =
    omitted.measures.length > 0
      ? `<p class="sub">${counted(omitted.measures.length, 'measure')} did not fit into this page and ${omitted.measures.length === 1 ? 'is' : 'are'} in numbers.csv: ${omitted.measures.map(escapeHtml).join(', ')}.</p>`
      : '';
  const partly =
    omitted.partly > 0
      ? `<p class="sub">Of ${counted(omitted.partly, 'measure')} not every form fits into this page: relative to a baseline or a median, or while not speaking; numbers.csv has all.</p>`
      : '';
  return `<noscript><div class="problem">The pictures need JavaScript, which this page brings along; numbers.csv holds the same numbers.</div></noscript>
${figure('dots', 'People by conditions', 'A point is a person, with all their sessions under a condition together. The diamond is the mean over people, the bar its 95 % interval. <span class="wide-only">Tab to the picture and use the arrow keys, or point at it.</span>')}
${markers ? figure('multiples', 'Marker by marker', 'The same measure in each question, stimulus or phase, on one scale.') : ''}
${data.aligned.markers.length > 0 ? figure('aligned', 'Around the start of a marker', `The mean over people, in seconds from the start and in steps of a quarter of a second; the band is its 95 % interval, where there are three people or more.${many}`) : ''}
${data.strips.people.length > 0 ? figure('strips', 'Over time, person by person', `Each row is a person in a session. Hatched: no reading. Crossed: left out. Ticks: where a marker begins.${strips}`) : ''}
${data.measures.length > 1 ? allHtml() : ''}
${left}${partly}`;
}

/** Pictures of every measure, which are drawn when they are asked for, or printed. */
const allHtml = (): string =>
  `<section class="card" aria-labelledby="all-title"><h2 id="all-title">All measures</h2><details id="all" data-print="open"><summary>Show every measure that somebody has a value of</summary><div id="all-body"></div></details></section>`;

/** How much could be read, and what is in no number. */
export function coverageHtml({ coverage, excluded, counts, data }: GatheredStudy): string {
  const rows = coverage.map(({ session, participant, condition, seconds, readSeconds, excludedSeconds }) => {
    const share = readSeconds / seconds;
    const bar = Number.isFinite(share)
      ? `<span class="meter" aria-hidden="true"><span style="width:${(100 * share).toFixed(1)}%"></span></span>`
      : '';
    return `<tr><th scope="row">${escapeHtml(participant)}</th><td>${escapeHtml(session)}</td><td>${escapeHtml(condition ?? '–')}</td><td>${lengthText(seconds)}</td><td>${bar}${percentText(share)}</td><td>${excludedSeconds > 0 ? lengthText(excludedSeconds) : '–'}</td></tr>`;
  });
  const ranges = excluded.map(
    ({ session, fromUs, toUs, reason, participant }) =>
      `<tr><th scope="row">${escapeHtml(session)}</th><td>${escapeHtml(participant ?? 'everybody')}</td><td>${(fromUs / 1e6).toFixed(2)} to ${(toUs / 1e6).toFixed(2)} s</td><td class="wrap">${escapeHtml(reason)}</td></tr>`,
  );
  const reasons = data.reasons.flatMap(({ name, words }) => {
    const count = counts.empty.get(name);
    return count
      ? [
          `<tr><th scope="row">${escapeHtml(name)}</th><td>${count.toLocaleString('en-US')}</td><td class="wrap">${escapeHtml(words)}</td></tr>`,
        ]
      : [];
  });
  const table = (label: string, heads: readonly string[], body: readonly string[]): string =>
    `<div class="table-scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
  return `<section class="card" aria-labelledby="coverage-title"><h2 id="coverage-title">Coverage, and what was left out</h2>
<p class="sub">A frame without a reading is missing, never zero.</p>
${table('How much of each person could be read', ['Person', 'Session', 'Condition', 'Time that counts', 'Read', 'Left out'], rows)}
${ranges.length > 0 ? `<h3>Left out on purpose</h3>${table('Time left out', ['Session', 'Of', 'When', 'Why'], ranges)}` : ''}
${reasons.length > 0 ? `<h3>Numbers without a value</h3>${table('Reasons', ['Reason', 'Numbers', 'In words'], reasons)}` : ''}</section>`;
}
