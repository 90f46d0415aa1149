import type { EpisodeData, UnitData } from '../../../src/report/report-data.js';
import { clockText } from '../../../src/view/clock-words.js';
import { percentText, strengthText } from '../../../src/view/number-words.js';
import { h } from '../../shared/element.js';
import type { ViewState } from './view-state.js';

const ROWS_AT_ONCE = 40;

const strength = ({ kind }: EpisodeData, share: number): string =>
  kind === 'action-unit' ? strengthText(5 * share) : percentText(share);

/** A row whose time leads to the episode's apex in its face's plots. */
function episodeRow(
  episode: EpisodeData,
  { title, state }: { readonly title: string; readonly state: ViewState },
): HTMLElement {
  const { onsetUs, apexUs, offsetUs } = episode;
  const go = h('button', { className: 'go', text: clockText(onsetUs / 1e6), attributes: { type: 'button' } });
  go.setAttribute('aria-label', `Go to ${episode.label} of face ${episode.track} at ${clockText(apexUs / 1e6)}`);
  go.addEventListener('click', () => {
    state.moveCursor(apexUs / 1e6);
    const section = document.getElementById(`face-${episode.track}`);
    section?.querySelector('details.face-body')?.setAttribute('open', '');
    section?.scrollIntoView({ block: 'start' });
    section?.querySelector<HTMLElement>('.plots')?.focus({ preventScroll: true });
  });
  const swatch = h('span', {
    className: 'swatch',
    attributes: { style: `--swatch: var(--${episode.label}, var(--muted))` },
  });
  const label = h('td', {
    children: [swatch, document.createTextNode(title)],
  });
  const cells = [
    `face ${episode.track}`,
    label,
    clockText(apexUs / 1e6),
    clockText(offsetUs / 1e6),
    `${((offsetUs - onsetUs) / 1e6).toFixed(2)} s`,
    strength(episode, episode.peak),
    strength(episode, episode.mean),
  ];
  return h('tr', {
    children: [
      h('td', { children: [go] }),
      ...cells.map((cell) => (typeof cell === 'string' ? h('td', { text: cell }) : cell)),
    ],
  });
}

/** The list of episodes with its two filters; choosing one moves the cursor to its apex. */
export function createEpisodeList({
  root,
  episodes,
  units,
  state,
}: {
  root: HTMLElement;
  episodes: readonly EpisodeData[];
  units: readonly UnitData[];
  state: ViewState;
}) {
  const face = root.querySelector<HTMLSelectElement>('[name="episode-face"]');
  const what = root.querySelector<HTMLSelectElement>('[name="episode-what"]');
  const body = root.querySelector('tbody');
  const status = root.querySelector('.episode-status');
  const more = root.querySelector<HTMLButtonElement>('.episode-more');
  if (!face || !what || !body || !status || !more) return;
  let shown = ROWS_AT_ONCE;

  const titles = new Map(units.map(({ code, name }) => [code, `${code} ${name}`]));
  const rowOf = (episode: EpisodeData) =>
    episodeRow(episode, { title: titles.get(episode.label) ?? episode.label, state });
  const render = () => {
    const matching = episodes.filter(
      (episode) =>
        (face.value === 'all' || String(episode.track) === face.value) &&
        (what.value === 'all' ||
          (what.value === 'emotions' && episode.kind === 'emotion') ||
          episode.label === what.value ||
          episode.kind === what.value),
    );
    body.replaceChildren(...matching.slice(0, shown).map(rowOf));
    status.textContent =
      matching.length === 0
        ? 'No episode matches.'
        : `${Math.min(shown, matching.length)} of ${matching.length} ${matching.length === 1 ? 'episode' : 'episodes'}`;
    more.hidden = matching.length <= shown;
  };
  for (const filter of [face, what]) {
    filter.addEventListener('change', () => {
      shown = ROWS_AT_ONCE;
      render();
    });
  }
  more.addEventListener('click', () => {
    shown += 5 * ROWS_AT_ONCE;
    render();
  });
  render();
}
