import { h, setText } from '../dom.js';

/** Asks for the token that the server wants; `give` gets it. */
export function createTokenDialog(give: (token: string) => void): {
  readonly root: HTMLElement;
  ask(why: string): void;
} {
  const reason = h('p');
  const input = h('input', {
    attributes: { type: 'password', id: 'token', autocomplete: 'off', required: '', maxlength: '512' },
  });
  const form = h('form', {
    attributes: { method: 'dialog' },
    children: [
      h('h2', { text: 'Token', attributes: { id: 'token-title' } }),
      reason,
      h('label', { className: 'field', children: ['Token', input], attributes: { for: 'token' } }),
      h('p', { className: 'sub', text: 'Kept in this tab only, until it is closed.' }),
      h('div', {
        className: 'dialog-buttons',
        children: [h('button', { className: 'primary', text: 'Connect', attributes: { type: 'submit' } })],
      }),
    ],
  });
  const root = h('dialog', { attributes: { 'aria-labelledby': 'token-title' }, children: [form] });
  form.addEventListener('submit', () => {
    const token = input.value.trim();
    input.value = '';
    if (token !== '') give(token);
  });
  return {
    root,
    ask(why) {
      setText(reason, why);
      if (!root.open) root.showModal();
    },
  };
}
