import type { LandmarkChoice } from '../../../../src/domain/face.js';
import { h, setAttribute, setText, toggle } from '../dom.js';
import type { Actions, View } from '../view.js';
import { liveText } from '../words.js';

const LANDMARKS: readonly { readonly value: LandmarkChoice; readonly text: string }[] = [
  { value: 'none', text: 'off' },
  { value: '68', text: '68 points' },
  { value: '468', text: 'mesh' },
];

/** The line on the connection, in words. `sinceMs`: for how long the client has waited. */
export function connectionText({ connection, state }: View, waitLeftMs: number): string {
  const { status } = connection;
  if (status === 'open') {
    const cameras = [...state.cameras.values()];
    return cameras.length === 0 ? 'Connected' : `Connected, ${liveText(cameras)}`;
  }
  if (status === 'waiting') return `Server away; next try in ${Math.max(0, Math.ceil(waitLeftMs / 1000))}\u00a0s`;
  return status === 'connecting' ? 'Connecting' : 'Not connected';
}

/** Opens and closes what a narrow screen has no room for; on a wide one it is not there. */
function menuOf(more: HTMLElement): HTMLElement {
  const button = h('button', {
    text: 'Menu',
    className: 'menu',
    attributes: { type: 'button', 'aria-controls': more.id },
  });
  const show = (open: boolean): void => {
    more.classList.toggle('open', open);
    setAttribute(button, 'aria-expanded', String(open));
  };
  button.addEventListener('click', () => show(!more.classList.contains('open')));
  show(false);
  return button;
}

/** The page's head: state of the connection and the switches. */
export function createHeader(
  actions: Actions,
  options: {
    readonly landmarks: LandmarkChoice;
    readonly blur: boolean;
    readonly buttons: readonly HTMLElement[];
  },
): { readonly root: HTMLElement; update(view: View): void } {
  const state = h('p', { className: 'connection', attributes: { id: 'connection' } });
  const select = h('select', {
    attributes: { name: 'landmarks' },
    children: LANDMARKS.map(({ value, text }) => h('option', { text, attributes: { value } })),
  });
  select.value = options.landmarks;
  select.addEventListener('change', () => actions.setLandmarks(select.value as LandmarkChoice));
  const blur = toggle({
    label: 'Blur faces',
    title: 'The server makes faces unrecognisable before it sends pictures',
    on: options.blur,
    change: (on) => actions.setBlur(on),
  });
  blur.id = 'blur';
  const more = h('div', {
    className: 'more',
    attributes: { id: 'more' },
    children: [h('label', { children: ['Landmarks', select] }), ...options.buttons],
  });
  const root = h('header', {
    className: 'top',
    children: [
      h('h1', { className: 'brand', children: ['mien', h('small', { text: 'live' })] }),
      state,
      h('div', {
        className: 'tools',
        children: [blur, menuOf(more), more],
      }),
    ],
  });
  let waitingSince: { readonly status: object; readonly at: number } | null = null;
  return {
    root,
    update(view) {
      const { connection } = view;
      if (waitingSince?.status !== connection) waitingSince = { status: connection, at: performance.now() };
      const left = (connection.retryInMs ?? 0) - (performance.now() - waitingSince.at);
      setText(state, connectionText(view, left));
      setAttribute(state, 'data-status', connection.status);
    },
  };
}
