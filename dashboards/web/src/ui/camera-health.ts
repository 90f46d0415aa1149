import { CAMERA_KINDS } from '../../../../src/domain/camera-kinds.js';
import { h, setAttribute, setText } from '../dom.js';
import { drawLatency } from '../draw/strip.js';
import { surfaceOf, unwatchSize, watchSize } from '../draw/surface.js';
import { KEEP } from '../model/state.js';
import type { CameraState, CameraStats } from '../model/wire.js';
import type { View } from '../view.js';
import {
  DROP_WORDS,
  decodingText,
  endText,
  millisText,
  rateText,
  STATUS_WORDS,
  statusNow,
  timeOfDay,
  troubleOf,
} from '../words.js';
import { facts } from './facts.js';

const CAMERA_FACTS = [
  'Pictures',
  'Latency',
  'Dropped',
  'Decoded by',
  'Decode errors',
  'Reconnects',
  'Last end',
  'Since',
] as const;

/** The health of one camera: a line, which unfolds into its latency and all its numbers. */
export function createCameraHealth() {
  const name = h('h3');
  const status = h('span', { className: 'status' });
  const brief = h('span', { className: 'numbers' });
  const trouble = h('p', { className: 'sub' });
  const list = facts(CAMERA_FACTS);
  const chart = h('canvas', { className: 'latency', attributes: { role: 'img' } });
  watchSize(chart);
  const details = h('details', {
    children: [h('summary', { className: 'caption', children: [name, status, brief] }), trouble, chart, list.root],
  });
  /** Folded by itself where there is little room for many, until somebody folds or unfolds it. */
  let byHand = false;
  details.firstElementChild!.addEventListener('click', () => {
    byHand = true;
  });
  const root = h('li', { className: 'camera-health', children: [details] });
  return {
    root,
    close: () => unwatchSize(chart),
    update(camera: CameraState, view: View, folded: boolean): void {
      const { state, nowMs } = view;
      const stats = state.cameraStats.get(camera.id);
      if (!byHand) details.open = !folded;
      setText(name, camera.name);
      const now = statusNow(camera, view.connection.status === 'open');
      setText(status, now.text);
      setAttribute(root, 'data-status', now.name);
      setText(brief, briefText(camera, stats));
      // What is folded is not seen: it costs nothing.
      if (!details.open) return;
      const { stream } = camera;
      const size = stream ? `, ${stream.widthPx} × ${stream.heightPx}${stream.codec ? ` ${stream.codec}` : ''}` : '';
      setText(trouble, troubleOf(camera, nowMs) || `${CAMERA_KINDS[camera.inputType].word} ${camera.address}${size}`);
      const latency = stats?.latencyMs;
      const drops = Object.entries(stats?.dropped ?? {}).filter(([, count]) => count > 0);
      const total = drops.reduce((sum, [, count]) => sum + count, 0);
      list.set([
        stats && camera.status === 'running'
          ? `${rateText(stats.analysedFps)} of ${rateText(stats.inputFps)} a second read`
          : '–',
        latency
          ? `median ${millisText(latency.p50)}, p95 ${millisText(latency.p95)}, p99 ${millisText(latency.p99)}`
          : '–',
        total === 0 || !stats
          ? 'none'
          : `${total.toLocaleString('en-US')} (${((100 * total) / (total + stats.analysed)).toFixed(1)} %): ` +
            drops.map(([why, count]) => `${DROP_WORDS[why] ?? why} ${count.toLocaleString('en-US')}`).join(', '),
        decodingText(camera) ?? '–',
        camera.decodeErrors === 0 ? 'none' : camera.decodeErrors.toLocaleString('en-US'),
        String(camera.reconnects),
        endText(camera) ?? 'none',
        `${STATUS_WORDS[camera.status].toLowerCase()} since ${timeOfDay(Date.parse(camera.since))}`,
      ]);
      const points = state.statsHistory.get(camera.id) ?? [];
      const surface = surfaceOf(chart);
      if (surface) drawLatency(surface, { points, seconds: KEEP.statsSeconds, colours: view.colours });
      setAttribute(
        chart,
        'aria-label',
        `Latency of ${camera.name} over two minutes; now median ${millisText(latency?.p50)}, p95 ${millisText(latency?.p95)}`,
      );
    },
  };
}

/** "24 of 25 fps · p95 48 ms · 12 dropped". */
function briefText({ status }: CameraState, stats: CameraStats | undefined): string {
  if (!stats) return '';
  const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  const lost = dropped === 0 ? 'no drops' : `${dropped.toLocaleString('en-US')} dropped`;
  if (status !== 'running') return lost;
  const rate = `${rateText(stats.analysedFps)} of ${rateText(stats.inputFps)}\u00a0fps`;
  return [rate, `p95\u00a0${millisText(stats.latencyMs?.p95)}`, lost].join(' · ');
}
