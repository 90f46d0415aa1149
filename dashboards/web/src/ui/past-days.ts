import type { KeptDay } from '../../../../src/domain/keeping.js';
import { h } from '../dom.js';
import { dayWords, stripOf } from '../model/past-day.js';
import { bytesText, countText } from '../words.js';

/** Days that the strip has at most: two months. */
const MOST_DAYS = 62;

/** The calendar strip: a button for each day, with a bar for how much is kept of it. Arrow keys lead from day to day. */
export function createPastDays(choose: (day: KeptDay) => void): {
  readonly root: HTMLElement;
  show(days: readonly KeptDay[], chosen: KeptDay | null): void;
} {
  const root = h('div', { className: 'past-days', attributes: { role: 'group', 'aria-label': 'Days' } });
  root.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const buttons = [...root.querySelectorAll('button')].filter(({ disabled }) => !disabled);
    const next = step && buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  });
  return {
    root,
    show(days, chosen) {
      const had = root.contains(document.activeElement);
      const most = Math.max(1, ...days.map(({ bytes }) => bytes));
      root.replaceChildren(
        ...stripOf(days, MOST_DAYS).map(({ day, kept }) => button({ day, kept, most, chosen, choose })),
      );
      const pressed = root.querySelector<HTMLButtonElement>('[aria-pressed="true"]');
      pressed?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      if (had) pressed?.focus();
    },
  };
}

function button(of: {
  readonly day: string;
  readonly kept: KeptDay | null;
  readonly most: number;
  readonly chosen: KeptDay | null;
  readonly choose: (day: KeptDay) => void;
}): HTMLElement {
  const { day, kept, most, chosen, choose } = of;
  const bar = h('i', { attributes: { 'aria-hidden': 'true' } });
  bar.style.height = kept ? `${Math.max(8, Math.round((kept.bytes / most) * 100))}%` : '0';
  const pictures = kept ? kept.snapshots + kept.clips : 0;
  const much = kept
    ? `${bytesText(kept.bytes)}${pictures > 0 ? `, ${countText(pictures, 'picture')}` : ''}`
    : 'nothing kept';
  const [weekday] = dayWords(day).split(',');
  const made = h('button', {
    attributes: {
      type: 'button',
      'aria-pressed': String(kept !== null && kept.day === chosen?.day),
      'aria-label': `${dayWords(day)}: ${much}`,
      title: `${dayWords(day)}: ${much}`,
    },
    children: [
      h('span', { className: 'day-bar', children: [bar] }),
      h('span', { className: 'day-name', text: weekday!.slice(0, 2) }),
      h('span', { className: 'day-number', text: String(Number(day.slice(8))) }),
    ],
    ...(kept ? { onClick: () => choose(kept) } : {}),
  });
  made.disabled = kept === null;
  made.classList.toggle('pictured', pictures > 0);
  return made;
}
