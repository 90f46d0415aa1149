import { QUESTION_LENGTH } from '../../../../src/domain/question-length.js';
import { h, setText } from '../dom.js';
import { call } from '../rest.js';
import type { Actions } from '../view.js';

/** The face that is asked about. */
interface Asked {
  readonly source: string;
  readonly track: number;
}

const ASK = 'Ask about this face';

/** A field for a question about the face that is open; its answer is told as words, which the panel shows. */
export function createAsk(actions: Pick<Actions, 'announce' | 'hold' | 'select'>): {
  readonly root: HTMLElement;
  update(who: Asked): void;
} {
  let who: Asked | null = null;
  let waiting = false;
  const field = h('input', {
    attributes: {
      type: 'text',
      name: 'question',
      maxlength: String(QUESTION_LENGTH),
      autocomplete: 'off',
      placeholder: 'Why? Is AU12 active? Left or right?',
      'aria-label': ASK,
    },
  });
  const button = h('button', { text: 'Ask', attributes: { type: 'submit' } });
  const status = h('p', { className: 'ask-status', attributes: { role: 'status' } });
  const root = h('form', {
    className: 'ask',
    children: [h('h3', { text: ASK }), h('div', { className: 'ask-row', children: [field, button] }), status],
  });

  const ask = async ({ source, track }: Asked, question: string): Promise<void> => {
    waiting = true;
    button.disabled = true;
    setText(status, 'Waiting for the answer …');
    actions.select(`${source}/${track}`); // the panel stays with this face until another is chosen
    actions.hold(null); // the answer is about the face as it is now
    try {
      await call('POST', `sources/${source}/questions`, { track, question });
      field.value = '';
      setText(status, '');
      actions.announce('The answer has come.');
    } catch (error) {
      setText(status, error instanceof Error ? error.message : String(error));
    } finally {
      waiting = false;
      button.disabled = false;
    }
  };
  root.addEventListener('submit', (event) => {
    event.preventDefault();
    const question = field.value.trim();
    if (who !== null && question !== '' && !waiting) void ask(who, question);
  });
  return {
    root,
    update(now) {
      if (who?.source !== now.source || who.track !== now.track) setText(status, '');
      who = { source: now.source, track: now.track };
    },
  };
}
