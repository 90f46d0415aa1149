import { clockText } from '../../../src/view/clock-words.js';
import { numberText, percentText, signedText } from '../../../src/view/number-words.js';
import { drawSeparate, drawStacked } from './emotion-plot.js';
import { drawAffectLines, drawEyes, drawNumber, reachOf } from './line-plots.js';
import { createPlot, type Plot } from './plot.js';
import { drawCoverage, drawEpisodes, drawTimeAxis } from './strip-plots.js';
import type { Track } from './track.js';
import { createUnitLabels, drawUnits, UNIT_ROW_PX, unitsAt } from './unit-plot.js';

/** Mean of a channel in a bucket; NaN where there is none. */
function valueAt(
  { series }: Track,
  place: { readonly group: string; readonly channel: number; readonly bucket: number },
) {
  return place.bucket < 0 ? Number.NaN : series.groups[place.group].mean[place.channel][place.bucket];
}

function expressionPlots({ series, emotionEpisodes, data, state }: Track): Plot[] {
  const { emotions, validity } = data;
  const view = state.get();
  return [
    createPlot({
      title: 'Visible expression',
      kind: 'emotions',
      draw: (surface) => (view.view === 'stacked' ? drawStacked : drawSeparate)(surface, { series, emotions, view }),
    }),
    createPlot({
      title: 'Episodes',
      kind: 'episodes',
      draw: (surface) => drawEpisodes(surface, { episodes: emotionEpisodes, view }),
      value: () => {
        const found = emotionEpisodes.find(
          ({ onsetUs, offsetUs }) => onsetUs / 1e6 <= view.cursor && offsetUs / 1e6 >= view.cursor,
        );
        if (!found) return 'none here';
        const [onset, apex, offset] = [found.onsetUs, found.apexUs, found.offsetUs].map((us) => clockText(us / 1e6));
        return `${found.label} ${onset}–${offset}, apex ${apex}, peak ${percentText(found.peak)}`;
      },
    }),
    createPlot({
      title: 'Face readable',
      kind: 'coverage',
      draw: (surface) => drawCoverage(surface, { series, validity }),
      value: (bucket) => (bucket < 0 ? 'not in view' : percentText(series.categories[0][bucket])),
    }),
    createPlot({ title: '', kind: 'axis', draw: (surface) => drawTimeAxis(surface, { view }) }),
  ];
}

function unitPlots({ series, unitEpisodes, data, state }: Track): Plot[] {
  const { units } = data;
  if (units.length === 0) return [];
  const view = state.get();
  const labels = createUnitLabels({ series, units });
  const plot = createPlot({
    title: 'Action units',
    note: 'smoothed intensity 0–5',
    kind: 'units',
    over: labels.root,
    draw: (surface) => drawUnits(surface, { series, units, episodes: unitEpisodes, view }),
    value: (bucket) => {
      const active = unitsAt(unitEpisodes, view.cursor);
      labels.update(bucket, active);
      return active.size === 0 ? 'none active' : `${active.size} active`;
    },
  });
  plot.canvas.style.height = `${units.length * UNIT_ROW_PX}px`;
  return [plot];
}

/** Plots of the numbers that bear a name of their own, such as the angles of the head. */
function numberPlots(track: Track): Plot[] {
  const { series, data, state } = track;
  const view = state.get();
  return data.shown.map((number) => {
    const reach = reachOf(series, number);
    return createPlot({
      title: number.title,
      note: number.note,
      kind: 'number',
      draw: (surface) => drawNumber(surface, { series, view, number, reach }),
      value: (bucket) => numberText(valueAt(track, { ...number, bucket }), number.format),
    });
  });
}

/** Every plot of a face, from top to bottom. */
export function facePlots(track: Track): readonly Plot[] {
  const { series, state } = track;
  const view = state.get();
  const affect = (channel: number, bucket: number): string =>
    signedText(valueAt(track, { group: `valenceArousal.${view.stage}`, channel, bucket }));
  const eye = (channel: number, bucket: number): string =>
    percentText(valueAt(track, { group: 'eyes', channel, bucket }));
  return [
    ...expressionPlots(track),
    ...unitPlots(track),
    createPlot({
      title: 'Valence and arousal',
      note: 'derived from the emotion distribution',
      kind: 'affect',
      draw: (surface) => drawAffectLines(surface, { series, view }),
      value: (bucket) => `— valence ${affect(0, bucket)}  ┄ arousal ${affect(1, bucket)}`,
    }),
    ...numberPlots(track),
    createPlot({
      title: 'Eye opening',
      note: 'bars above: blinks',
      kind: 'eyes',
      draw: (surface) => drawEyes(surface, { series, view }),
      value: (bucket) => `— left ${eye(0, bucket)}  ┄ right ${eye(1, bucket)}`,
    }),
  ];
}
