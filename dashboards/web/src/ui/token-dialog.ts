import { h, setText } from '../dom.js';
import { SCOPE_WORDS } from '../model/rights.js';
import type { DashboardState, ServerFacts } from '../model/state.js';

/** Who is at this page: asks for a token, says what it allows, and forgets it. */
export function createTokenDialog(options: {
  /** A token to come in with; null: none any more. */
  readonly give: (token: string | null) => void;
  readonly nameOf: (source: string) => string;
}): {
  readonly root: HTMLElement;
  /** Shown where the server wants a token. */
  readonly button: HTMLButtonElement;
  /** @param why - what is wrong with the one before; empty: there was none */
  ask(why: string): void;
  update(state: DashboardState): void;
} {
  let server: ServerFacts | null = null;
  let asked = false;
  const title = h('h2', { attributes: { id: 'token-title' } });
  const problem = h('p', { className: 'problem', attributes: { role: 'alert', hidden: '' } });
  const input = h('input', {
    attributes: { type: 'password', id: 'token', autocomplete: 'off', required: '', maxlength: '512' },
  });
  const label = h('span');
  const who = h('div', { className: 'account-facts' });
  const submit = h('button', { className: 'primary', attributes: { type: 'submit' } });
  const close = h('button', { text: 'Close', attributes: { type: 'button' }, onClick: () => root.close() });
  const logOut = h('button', { text: 'Log out', attributes: { type: 'button' } });
  const field = h('label', { className: 'field', children: [label, input], attributes: { for: 'token' } });
  const form = formOf([title, who, field, problem], [logOut, close, submit]);
  const root: HTMLDialogElement = h('dialog', { attributes: { 'aria-labelledby': 'token-title' }, children: [form] });
  const button = h('button', {
    className: 'account',
    attributes: { type: 'button', 'aria-haspopup': 'dialog', hidden: '' },
    onClick: () => open(''),
  });
  form.addEventListener('submit', () => {
    const token = input.value.trim();
    input.value = '';
    if (token !== '') options.give(token);
  });
  logOut.addEventListener('click', () => options.give(null));
  root.addEventListener('close', () => {
    input.value = '';
  });

  function open(why: string): void {
    const inside = server !== null;
    setText(title, inside ? `You are “${server!.tokenName}”` : 'Log in');
    setText(problem, why);
    problem.hidden = why === '';
    setText(submit, inside ? 'Log in with this' : 'Log in');
    for (const part of [close, logOut]) part.hidden = !inside;
    who.replaceChildren(
      ...(server ? whoWords(server, options.nameOf) : [h('p', { text: 'This server asks for a token.' })]),
    );
    if (!root.open) root.showModal();
    setText(label, inside ? 'Another token' : 'Token');
    (inside ? close : input).focus();
  }
  return {
    root,
    button,
    ask(why) {
      server = null;
      asked = true;
      open(why);
    },
    update(state) {
      server = state.server?.tokenName ? state.server : null;
      asked &&= server === null;
      button.hidden = server === null && !asked;
      setText(button, server?.tokenName ?? 'Log in');
      button.title = 'Who you are on this page, and what your token allows';
    },
  };
}

function formOf(parts: readonly HTMLElement[], buttons: readonly HTMLElement[]): HTMLFormElement {
  const about = h('p', {
    className: 'sub',
    text: 'Kept in this tab only, until it is closed or you log out, and never put into the address. Whoever runs mien sets tokens in its configuration, server.tokens.',
  });
  return h('form', {
    attributes: { method: 'dialog' },
    children: [...parts, about, h('div', { className: 'dialog-buttons end', children: buttons })],
  });
}

/** What a token allows, and of which cameras. */
function whoWords({ scopes, onlyCameras }: ServerFacts, nameOf: (source: string) => string): HTMLElement[] {
  const all = Object.entries(SCOPE_WORDS);
  const may = all.filter(([scope]) => scopes.some((has) => has === scope));
  const mayNot = all.filter(([scope]) => !scopes.some((has) => has === scope));
  const line = ([scope, words]: [string, string]): HTMLElement =>
    h('li', { children: [h('b', { text: scope }), `: ${words}`] });
  return [
    h('p', { text: 'Your token allows:' }),
    h('ul', { className: 'scopes', children: may.map(line) }),
    ...(mayNot.length === 0
      ? []
      : [h('p', { text: 'It does not allow:' }), h('ul', { className: 'scopes not', children: mayNot.map(line) })]),
    h('p', {
      text:
        onlyCameras === null
          ? 'It is for every camera.'
          : `It is for some cameras only: ${onlyCameras.map(nameOf).join(', ')}. The others, and the metrics of all, are hidden from it.`,
    }),
  ];
}
