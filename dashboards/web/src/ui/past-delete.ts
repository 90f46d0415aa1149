import type { KeptDay } from '../../../../src/domain/keeping.js';
import { h, setText } from '../dom.js';
import { deleteKept } from '../kept.js';
import { dayWords, instantIn } from '../model/past-day.js';
import { bytesText, countText } from '../words.js';

interface Chosen {
  readonly source: string;
  readonly name: string;
  readonly day: KeptDay;
}

/** Deletes a time of a day of a camera, once it is asked whether that is meant. */
export function createPastDelete(options: {
  readonly done: () => void;
  /** Why nothing may be deleted; null: it may. */
  readonly reason: () => string | null;
}): { readonly root: HTMLElement; show(chosen: Chosen | null): void } {
  let chosen: Chosen | null = null;
  const time = (label: string) => h('input', { attributes: { type: 'time', 'aria-label': label } });
  const [from, to] = [time('Delete from'), time('Delete until; empty is the end of the day')];
  const said = h('p', { className: 'sub', attributes: { role: 'status' } });
  const question = h('p');
  const yes = h('button', {
    className: 'danger',
    text: 'Delete',
    attributes: { type: 'button' },
    onClick: () => void remove(),
  });
  const no = h('button', { text: 'Keep it', attributes: { type: 'button' }, onClick: () => ask(false) });
  const sure = h('div', {
    className: 'past-sure',
    attributes: { role: 'alertdialog', 'aria-label': 'Delete?' },
    children: [question, h('div', { className: 'dialog-buttons', children: [no, yes] })],
  });
  const open = h('button', { text: 'Delete…', attributes: { type: 'button' }, onClick: () => ask(true) });

  function ask(on: boolean): void {
    sure.hidden = !on;
    if (!chosen) return;
    const { name, day } = chosen;
    const span = `${from.value || '00:00'} to ${to.value || 'its end'}`;
    setText(
      question,
      `Delete all that is kept of ${name} on ${dayWords(day.day)} from ${span}? Files, pictures and clips: it cannot be undone.`,
    );
    (on ? no : open).focus();
  }
  async function remove(): Promise<void> {
    if (!chosen) return;
    const { source, day } = chosen;
    yes.disabled = true;
    try {
      const { removed, rewritten, freedBytes } = await deleteKept(
        source,
        instantIn(day, from.value || '00:00'),
        instantIn(day, to.value),
      );
      const cut = rewritten > 0 ? `, and parts of ${rewritten}` : '';
      setText(said, `Deleted ${countText(removed, 'file')}${cut}: ${bytesText(freedBytes)}.`);
      sure.hidden = true;
      options.done();
    } catch (error) {
      setText(said, (error as Error).message);
    } finally {
      yes.disabled = false;
    }
  }
  const row = h('div', { className: 'past-delete', children: ['From', from, 'to', to, open] });
  const root = h('div', { children: [row, sure, said] });
  sure.hidden = true;
  return {
    root,
    show(next) {
      if (next?.day.day !== chosen?.day.day || next?.source !== chosen?.source) {
        from.value = '';
        to.value = '';
        sure.hidden = true;
      }
      chosen = next;
      row.hidden = next === null;
      const reason = options.reason();
      open.disabled = reason !== null;
      if (reason !== null) setText(said, reason);
    },
  };
}
