import type { PeopleData } from '../../../src/report/report-data.js';
import { clockText } from '../../../src/view/clock-words.js';
import { followTheme } from '../../shared/theme.js';
import { surfaceOf } from './canvas.js';
import { createEpisodeList } from './episode-list.js';
import { createFaceSection } from './face-section.js';
import { groupFaces } from './people-faces.js';
import { PeoplePanel } from './people-panel.js';
import { decodeSeries, widenSpread } from './series.js';
import { createSpeechStrip } from './speech-strip.js';
import { drawCoverage, drawTimeAxis } from './strip-plots.js';
import type { PageData } from './track.js';
import { createViewState, type View } from './view-state.js';

/** Reach, on either side, of the spread drawn behind the emotion lines. */
const SPREAD_SECONDS = 0.25;

function readData(): PageData {
  return JSON.parse(document.getElementById('report-data')?.textContent ?? '') as PageData;
}

/** Faces by person, and the panel that changes who is who; null where the page says nothing of people. */
function startPeople({ tracks }: PageData): PeopleData | null {
  const told = document.getElementById('people-data')?.textContent;
  const board = document.querySelector<HTMLElement>('.people-board');
  if (!told || !board) return null;
  const data = JSON.parse(told) as PeopleData;
  groupFaces(data);
  new PeoplePanel(board, data, tracks);
  return data;
}

function start() {
  const data = readData();
  const people = startPeople(data);
  const end = Math.max(data.endUs, data.startUs + 1e5) / 1e6;
  const state = createViewState({ start: data.startUs / 1e6, end });
  const view = state.get();

  for (const root of document.querySelectorAll<HTMLElement>('[data-track]')) {
    const track = data.tracks.find(({ id }) => String(id) === root.dataset.track);
    if (!track) continue;
    const series = decodeSeries(track.series, data.tickUs);
    for (const group of ['emotions.raw', 'valenceArousal.raw']) widenSpread(series, { group, seconds: SPREAD_SECONDS });
    const episodes = data.episodes.filter((episode) => episode.track === track.id);
    const emotionEpisodes = episodes.filter(({ kind }) => kind === 'emotion');
    const unitEpisodes = episodes.filter(({ kind }) => kind === 'action-unit');
    createFaceSection(root, { series, emotionEpisodes, unitEpisodes, data, state });
  }

  const coverage = decodeSeries(data.coverage, data.tickUs);
  const coverageCanvas = document.querySelector<HTMLCanvasElement>('#coverage');
  const axisCanvas = document.querySelector<HTMLCanvasElement>('#coverage-axis');
  const whole = { ...view, from: state.span.start, to: state.span.end };
  const drawCoverageStrip = () => {
    const strip = coverageCanvas && surfaceOf(coverageCanvas, whole);
    if (strip) drawCoverage(strip, { series: coverage, validity: data.validity });
    const axis = axisCanvas && surfaceOf(axisCanvas, whole);
    if (axis) drawTimeAxis(axis, { view: whole });
  };
  const speech = document.getElementById('speech');
  const drawSpeech = speech && createSpeechStrip(speech, data, people, state);
  if (coverageCanvas) new ResizeObserver(drawCoverageStrip).observe(coverageCanvas);

  const toolbar = document.getElementById('toolbar');
  toolbar?.addEventListener('change', (event) => {
    const input = event.target as HTMLInputElement;
    if (input.name === 'stage') state.choose({ stage: input.value as View['stage'] });
    if (input.name === 'view') state.choose({ view: input.value as View['view'] });
  });
  const press = (id: string, action: () => void) => document.getElementById(id)?.addEventListener('click', action);
  press('zoom-in', () => state.zoom(0.5));
  press('zoom-out', () => state.zoom(2));
  press('zoom-all', () => state.show({ from: state.span.start, to: state.span.end }));
  const time = document.getElementById('cursor-time');
  state.onChange(() => {
    if (time) time.textContent = clockText(view.cursor);
  });

  for (const button of document.querySelectorAll<HTMLElement>('[data-go]')) {
    button.addEventListener('click', () => state.moveCursor(Number(button.dataset.go)));
  }
  const list = document.getElementById('episodes');
  if (list) createEpisodeList({ root: list, episodes: data.episodes, units: data.units, state });

  const button = document.getElementById('theme');
  const redraw = (now: boolean) => {
    drawCoverageStrip();
    drawSpeech?.();
    state.redraw(now);
  };
  if (button) followTheme({ button, redraw });
  // Opens on the clearest moment rather than on an empty first frame.
  const clearest = [...data.episodes]
    .filter(({ kind, label }) => kind === 'emotion' && label !== 'neutral')
    .sort((a, b) => b.peak - a.peak)[0];
  state.moveCursor(clearest ? clearest.apexUs / 1e6 : state.span.start);
  document.documentElement.classList.add('ready');
}

start();
