import { followTheme } from '../../shared/theme.js';
import { showAligned } from './aligned-plots.js';
import { showAllMeasures } from './all-measures.js';
import { followChoices } from './choices.js';
import { showMarkers } from './marker-plots.js';
import { type Shown, showPeople } from './people-plot.js';
import { showStrips } from './strips.js';
import { readData, rowsOf } from './study-data.js';

/** Width of a picture on a sheet of paper, so that its letters have the size of others. */
const PRINT_PX = 680;

function start(): void {
  const data = readData();
  const place = (id: string): HTMLElement | null => document.getElementById(id);
  let shown: Shown | null = null;
  const [dots, multiples, aligned, strips] = ['dots', 'multiples', 'aligned', 'strips'].map(place);

  const all = place('all') as HTMLDetailsElement | null;
  const allBody = place('all-body');
  const showAll = (): void => {
    if (shown && allBody && all?.open) showAllMeasures(allBody, data, shown.measure);
  };
  all?.addEventListener('toggle', showAll);
  const showMeasure = (widthPx = dots?.clientWidth ?? 0): void => {
    if (!shown) return;
    if (dots) showPeople(dots, shown, widthPx);
    if (multiples) showMarkers(multiples, shown);
  };
  followChoices(data, (measure) => {
    shown = { data, measure, ...rowsOf(measure) };
    showMeasure();
    showAll();
  });
  if (!shown && dots) dots.textContent = 'There are no numbers yet.';
  if (aligned) showAligned(aligned, data);
  const drawStrips = strips ? showStrips(strips, data) : () => undefined;

  let width = dots?.clientWidth ?? 0;
  new ResizeObserver(() => {
    if (dots && dots.clientWidth !== width) {
      width = dots.clientWidth;
      showMeasure();
    }
    drawStrips();
  }).observe(document.body);
  const button = place('theme');
  if (button)
    followTheme({
      button,
      redraw: (printing) => {
        drawStrips();
        showMeasure(printing ? PRINT_PX : undefined);
        if (printing) showAll();
      },
    });
  document.documentElement.classList.add('ready');
}

start();
