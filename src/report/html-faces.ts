import { actionUnit } from '../domain/action-units.js';
import { secondsOf } from '../domain/units.js';
import { escapeHtml } from './escape.js';
import { clock, count, duration, percent } from './format.js';
import { insightsHtml } from './html-insights.js';
import type { FaceContent, PageContent } from './page-content.js';
import type { PeakImage } from './peak-gallery.js';

/** Faces whose plots are open when the page is opened; the others open on demand. */
const OPEN_FACES = 4;

const dataUri = (image: PeakImage): string => `data:image/jpeg;base64,${image.jpeg.toString('base64')}`;

function peak(image: PeakImage): string {
  const { label, ptsUs, value, track, units } = image.peak;
  const seconds = secondsOf(ptsUs);
  const shown = units.map(({ key }) => actionUnit(key));
  const names = shown.map(({ code, name }) => `${code} ${name}`).join(', ');
  const alt = `Face ${track} at ${clock(seconds)}: ${label}, ${percent(value)}${names === '' ? '' : `; ${names}`}`;
  const codes = names === '' ? '' : `<span class="units">${shown.map(({ code }) => code).join(' ')}</span>`;
  return `<button type="button" data-go="${seconds}" title="${escapeHtml(names === '' ? `Go to ${clock(seconds)}` : `${names}: go to ${clock(seconds)}`)}"><img src="${dataUri(image)}" width="160" height="160" alt="${escapeHtml(alt)}"><span class="tag" style="--swatch:var(--${label})">${label}</span><span class="when">${clock(seconds)} · ${percent(value)}</span>${codes}</button>`;
}

function facts(face: FaceContent): string {
  const shown = face.shares
    .slice(0, 3)
    .map(([emotion, share]) => `${emotion ?? 'no clear expression'} ${percent(share)}`)
    .join(', ');
  const units = face.units
    .slice(0, 2)
    .map(([{ code, name }, share]) => `${code} ${name} ${percent(share)}`)
    .join(', ');
  return [
    `${clock(face.firstSeconds)} to ${clock(face.lastSeconds)}`,
    `readable in ${percent(face.validShare)} of its frames`,
    shown,
    units === '' ? '' : `most active ${units}`,
    count(face.blinks, 'blink'),
  ]
    .filter((fact) => fact !== '')
    .join(' · ');
}

const BASELINE_WORDS = {
  warming:
    'The resting-face baseline was still warming up when this face was last seen, so baselined values are missing or incomplete.',
  ready: 'Baselined values are what remains after this face’s own resting expression is taken out.',
  off: 'The resting-face baseline was switched off.',
} as const;

function section(face: FaceContent, open: boolean): string {
  const avatar = [...face.peaks].sort((a, b) => b.peak.value - a.peak.value)[0];
  const name = `Face ${face.id}`;
  return `<section class="card face" id="face-${face.id}" data-track="${face.id}" data-name="${name}" aria-labelledby="face-${face.id}-title">
<details class="face-body" data-print="open"${open ? ' open' : ''}><summary>${avatar ? `<img class="avatar" src="${dataUri(avatar)}" alt="" width="56" height="56">` : ''}<div><h2 id="face-${face.id}-title">${name}</h2><p>${facts(face)}</p></div></summary>
<div class="body">
${face.peaks.length > 0 ? `<div class="gallery" role="group" aria-label="Clearest moments of ${name}">${face.peaks.map(peak).join('')}</div>` : ''}
<div class="charts"><noscript><p class="sub">The plots need JavaScript; nothing is loaded from the network.</p></noscript></div>
${insightsHtml(face)}
${face.baseline ? `<p class="caveat">${BASELINE_WORDS[face.baseline]}</p>` : ''}
</div></details></section>`;
}

/** One section per followed face; the plots are filled in by the page's script. */
export function facesHtml({ faces, omitted }: PageContent): string {
  if (faces.length === 0) return '';
  const rest =
    omitted.tracks > 0
      ? `<p class="caveat">${count(omitted.tracks, 'more track')} with the least readable time ${omitted.tracks === 1 ? 'is' : 'are'} left out of this page; the tables and files of the run hold them all. The longest readable time is ${duration(faces[0]!.validSeconds)}.</p>`
      : '';
  return faces.map((face, at) => section(face, at < OPEN_FACES)).join('\n') + rest;
}
