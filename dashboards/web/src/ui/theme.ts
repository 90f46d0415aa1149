import { h, setAttribute, setText } from '../dom.js';
import { keep, remembered } from '../preferences.js';

/** Dark and light: follows the system until the button is pressed, and then remembers. */
export function createThemeButton(changed: () => void): HTMLButtonElement {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const isDark = (): boolean => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const button = h('button', { attributes: { type: 'button', id: 'theme' } });
  const show = (): void => {
    setText(button, isDark() ? 'Light' : 'Dark');
    setAttribute(button, 'aria-label', `Switch to the ${isDark() ? 'light' : 'dark'} theme`);
    changed();
  };
  const chosen = remembered('theme');
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    keep('theme', root.dataset.theme);
    show();
  });
  system.addEventListener('change', show);
  show();
  return button;
}
