import { h, keyedChildren, setText } from '../dom.js';
import type { Notice } from '../model/state.js';
import type { Actions, Part } from '../view.js';

const EXPRESSIONS: readonly string[] = [
  'Expressions are probabilities of eight names for how a face looks. They are calibrated on average, not for one person.',
  'Valence (unpleasant to pleasant) and arousal (calm to excited) are derived from them, not measured on their own.',
];
const MOVEMENTS: readonly string[] = [
  'Action units are movements of the face as the Facial Action Coding System numbers them. Strength (0 to 5) says how strong a movement is, the percentage how sure it is that there is any. Talking moves the mouth too.',
  'A face number counts followed faces of this run; it says nothing about who a person is. Someone who leaves and comes back may get a new one.',
  'Errors differ with age, skin tone, culture, pose, light, glasses, hair and masks. Where a face cannot be read, the page says why.',
  'Latency is the time from the arrival of a picture at the server to its result.',
];

/** The notice that faces are analysed, what the numbers mean, and what the server has to say. */
export function createNotice(actions: Actions): Part {
  const server = h('p', { className: 'server-notice' });
  const purpose = h('b');
  const expressions = EXPRESSIONS.map((text) => h('li', { text }));
  const list = h('ul', { className: 'notices' });
  const keep = keyedChildren<Notice, { root: HTMLElement; text: HTMLElement }>(list, {
    keyOf: ({ code }) => code,
    make: ({ code, level }) => {
      const text = h('span');
      const close = h('button', {
        className: 'quiet',
        text: 'Dismiss',
        attributes: { type: 'button' },
        onClick: () => actions.dismissNotice(code),
      });
      return { root: h('li', { className: level, children: [text, close] }), text };
    },
    update: ({ text }, { message }) => setText(text, message),
  });
  const root = h('section', {
    className: 'notice',
    attributes: { 'aria-label': 'Notice' },
    children: [
      h('p', {
        children: [
          h('strong', { text: 'Faces are being analysed here.' }),
          ' Numbers describe visible facial configuration, not inner state. Purpose: ',
          purpose,
          '.',
        ],
      }),
      h('details', {
        children: [
          h('summary', { text: 'What the numbers mean' }),
          server,
          h('ul', { children: [...expressions, ...MOVEMENTS.map((text) => h('li', { text }))] }),
        ],
      }),
      list,
    ],
  });
  return {
    root,
    update({ state, emotions }) {
      setText(purpose, state.server?.purpose ?? 'not stated yet');
      setText(server, state.server?.notice ?? '');
      for (const item of expressions) item.hidden = !emotions;
      keep(state.notices);
    },
  };
}
