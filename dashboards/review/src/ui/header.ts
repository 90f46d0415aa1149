import { h } from '../../../shared/element.js';
import type { Actions } from '../actions.js';
import { KEYS } from '../keys.js';
import { progressOf } from '../model/filter.js';
import type { Store } from '../state.js';

/** Dark and light: follows the system until the button is pressed. */
function themeButton(): HTMLButtonElement {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const isDark = (): boolean => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const button = h('button', { attributes: { type: 'button', id: 'theme' } });
  const show = (): void => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Switch to the ${isDark() ? 'light' : 'dark'} theme`);
  };
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    show();
  });
  system.addEventListener('change', show);
  show();
  return button;
}

/** The list of keys. */
export function createHelp(): HTMLDialogElement {
  const close = h('button', { text: 'Close', attributes: { type: 'button' } });
  const rows = KEYS.flatMap(({ shown, words }) => [
    h('dt', { children: shown.split(' ').map((key) => h('kbd', { text: key })) }),
    h('dd', { text: words }),
  ]);
  const dialog = h('dialog', {
    className: 'help',
    attributes: { 'aria-label': 'Keys' },
    children: [h('h2', { text: 'Keys' }), h('dl', { children: rows }), close],
  });
  close.addEventListener('click', () => dialog.close());
  return dialog;
}

/** Video, rater, progress, saving, exports. */
export function createHeader(
  store: Store,
  actions: Actions,
  options: { readonly help: () => void; readonly videos: readonly string[]; readonly open: (index: number) => void },
): HTMLElement {
  const { video } = store.state;
  const videos = h('select', {
    attributes: { 'aria-label': 'Video' },
    children: options.videos.map((name, at) => h('option', { text: name, attributes: { value: String(at) } })),
  });
  videos.value = String(video.index);
  videos.addEventListener('change', () => options.open(Number(videos.value)));
  const bar = h('span', { className: 'bar' });
  const words = h('span', { className: 'progress-words', attributes: { id: 'progress' } });
  const saved = h('span', { className: 'saved', attributes: { id: 'saved', role: 'status' } });
  const others = h('button', {
    attributes: { type: 'button', id: 'others' },
    onClick: () => void actions.showOthers(),
  });
  const download = (format: string): HTMLElement =>
    h('a', {
      className: 'button',
      text: format,
      attributes: { href: `api/videos/${video.index}/annotations.${format}`, download: '' },
    });
  store.listen(({ items, save, others: said }) => {
    const { judged, all } = progressOf(items);
    bar.style.width = `${all === 0 ? 100 : (100 * judged) / all}%`;
    words.textContent = `${judged} of ${all} judged`;
    saved.textContent = save.state === 'failed' ? `not saved: ${save.why}` : save.state;
    saved.classList.toggle('bad', save.state === 'failed');
    others.hidden = video.otherRaters === 0 || said !== null;
    others.textContent = `Show ${video.otherRaters} other ${video.otherRaters === 1 ? 'rater' : 'raters'}`;
  });
  return h('header', {
    children: [
      h('h1', { text: 'mien review' }),
      options.videos.length > 1 ? videos : h('span', { className: 'name', text: video.name }),
      h('span', { className: 'rater', text: `rater ${video.rater}` }),
      h('span', { className: 'progress', attributes: { 'aria-hidden': 'true' }, children: [bar] }),
      words,
      saved,
      h('span', {
        className: 'tools',
        children: [
          others,
          download('eaf'),
          download('csv'),
          h('button', { text: 'Keys ?', attributes: { type: 'button' }, onClick: options.help }),
          themeButton(),
        ],
      }),
    ],
  });
}
