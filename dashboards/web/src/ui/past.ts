import type { KeptDay, KeptSummary } from '../../../../src/domain/keeping.js';
import { h, setText } from '../dom.js';
import { loadKept } from '../kept.js';
import { bytesText, countText } from '../words.js';
import { createPastDays } from './past-days.js';
import { createPastDelete } from './past-delete.js';
import { createPastShown } from './past-shown.js';

/** What is kept and whether it is being recorded, in words. */
function keptText({ state, what, days, bytes, maxBytes, blur }: KeptSummary): string {
  const doing = state.status === 'recording' ? 'Recording' : `Recording stopped: ${state.reason}; it is tried again`;
  const faces = blur ? 'faces in pictures are made unrecognisable' : 'faces in pictures are shown';
  return `${doing}. Kept for ${countText(days, 'day')}: ${what.join(', ')}; ${faces}. ${bytesText(bytes)} of ${bytesText(maxBytes)}.`;
}

/** The history dialog: what was kept on disk, by camera and day. Its button shows once something is kept. */
export function createPast(options: {
  readonly nameOf: (source: string) => string;
  /** Why nothing may be deleted; null: it may. */
  readonly reason: () => string | null;
}): {
  readonly root: HTMLElement;
  readonly button: HTMLButtonElement;
  /** Asks whether anything is kept, and how it is getting on; null: nothing is. */
  look(): Promise<KeptSummary | null>;
} {
  const { nameOf } = options;
  let kept: KeptSummary | null = null;
  let source = '';
  let day: KeptDay | null = null;
  const state = h('p', { className: 'sub past-state' });
  const problem = h('p', { className: 'problem', attributes: { role: 'alert', hidden: '' } });
  const select = h('select', { attributes: { name: 'past-camera' } });
  select.addEventListener('change', () => choose(select.value, null));
  const strip = createPastDays((next) => choose(source, next));
  const shown = createPastShown();
  const deleting = createPastDelete({ done: () => void refresh(), reason: options.reason });
  const body = h('div', { children: [shown.root, h('h3', { text: 'Delete' }), deleting.root] });
  const nothing = h('p', { className: 'empty', text: 'Nothing has been kept yet.' });
  const root = dialogOf([state, problem, strip.root, nothing, body], select);
  root.addEventListener('close', () => shown.clear());

  function say(text: string): void {
    setText(problem, text);
    problem.hidden = text === '';
  }
  /** The newest day of a camera unless one is named. */
  function choose(wanted: string, wantedDay: KeptDay | null): void {
    const camera = kept?.cameras.find((each) => each.source === wanted) ?? kept?.cameras[0];
    source = camera?.source ?? '';
    select.value = source;
    const days = camera?.days ?? [];
    day = days.find((each) => each.day === wantedDay?.day) ?? days.at(-1) ?? null;
    strip.show(days, day);
    deleting.show(day && { source, name: nameOf(source), day });
    body.hidden = day === null;
    nothing.hidden = day !== null;
    say('');
    if (day) shown.show(source, day).catch((error: Error) => say(error.message));
  }
  async function refresh(): Promise<void> {
    try {
      kept = await loadKept();
    } catch (error) {
      say((error as Error).message);
      return;
    }
    if (!kept) return;
    setText(state, keptText(kept));
    state.classList.toggle('stopped', kept.state.status === 'stopped');
    select.replaceChildren(
      ...kept.cameras.map((each) => h('option', { text: nameOf(each.source), attributes: { value: each.source } })),
    );
    choose(source, day);
  }
  const button = h('button', {
    text: 'History',
    attributes: { type: 'button', 'aria-haspopup': 'dialog', hidden: '' },
    onClick: () => {
      root.showModal();
      void refresh();
    },
  });
  return {
    root,
    button,
    async look() {
      kept = await loadKept();
      button.hidden = kept === null;
      button.classList.toggle('stopped', kept?.state.status === 'stopped');
      return kept;
    },
  };
}

function dialogOf(parts: readonly HTMLElement[], select: HTMLElement): HTMLDialogElement {
  const close = h('button', {
    className: 'past-close',
    text: 'Close',
    attributes: { type: 'button' },
    onClick: () => root.close(),
  });
  const title = h('h2', { text: 'History', attributes: { id: 'past-title' } });
  const head = [title, h('label', { children: ['Camera', select] }), close];
  const root: HTMLDialogElement = h('dialog', {
    className: 'past',
    attributes: { 'aria-labelledby': 'past-title' },
    children: [h('div', { className: 'section-head past-head', children: head }), ...parts],
  });
  return root;
}
