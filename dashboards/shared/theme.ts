/** The theme button: follows the system until it is pressed. Print is always light, with every section open. */
export function followTheme({ button, redraw }: { button: HTMLElement; redraw: (now: boolean) => void }) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Switch to the ${isDark() ? 'light' : 'dark'} theme`);
    redraw(false);
  };
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    show();
  });
  system.addEventListener('change', show);
  show();

  let chosen: string | undefined;
  addEventListener('beforeprint', () => {
    chosen = root.dataset.theme;
    root.dataset.theme = 'light';
    for (const details of document.querySelectorAll('details[data-print=open]')) details.setAttribute('open', '');
    redraw(true);
  });
  addEventListener('afterprint', () => {
    if (chosen === undefined) delete root.dataset.theme;
    else root.dataset.theme = chosen;
    redraw(false);
  });
}
