import { CAMERA_KINDS } from '../../../../src/domain/camera-kinds.js';
import { h, setAttribute, setText } from '../dom.js';
import { drawLatency } from '../draw/strip.js';
import { surfaceOf, unwatchSize, watchSize } from '../draw/surface.js';
import { KEEP } from '../model/state.js';
import type { CameraState, CameraStats } from '../model/wire.js';
import type { View } from '../view.js';
import {
  countText,
  DROP_WORDS,
  decodingText,
  endText,
  millisText,
  pacesText,
  readOfCome,
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
  const chart = h('canvas', { className: 'latency', attributes: { role: 'img', 'aria-label': 'Latency' } });
  const details = h('details', {
    children: [h('summary', { className: 'caption', children: [name, status, brief] }), trouble, chart, list.root],
  });
  /** Folded by itself where there is little room for many, until somebody folds or unfolds it. */
  let byHand = false;
  details.firstElementChild!.addEventListener('click', () => {
    byHand = true;
  });
  const root = h('li', { className: 'camera-health', children: [details] });
  let shown: { readonly camera: CameraState; readonly view: View } | undefined;
  const unfolded = ({ camera, view }: NonNullable<typeof shown>): void => {
    const { state, nowMs, colours } = view;
    const stats = state.cameraStats.get(camera.id);
    setText(trouble, troubleOf(camera, nowMs) || inputText(camera));
    list.set(factsOf(camera, stats));
    const points = state.statsHistory.get(camera.id) ?? [];
    const surface = surfaceOf(chart);
    if (surface) drawLatency(surface, { points, seconds: KEEP.statsSeconds, colours });
    const { p50, p95 } = stats?.latencyMs ?? {};
    const now = `now median ${millisText(p50)}, p95 ${millisText(p95)}`;
    setAttribute(chart, 'aria-label', `Latency of ${camera.name} over two minutes; ${now}`);
  };
  details.addEventListener('toggle', () => details.open && shown && unfolded(shown));
  watchSize(chart, () => shown && unfolded(shown));
  return {
    root,
    close: () => unwatchSize(chart),
    update(camera: CameraState, view: View, folded: boolean): void {
      shown = { camera, view };
      if (!byHand) details.open = !folded;
      setText(name, camera.name);
      const now = statusNow(camera, view.connection.status === 'open');
      setText(status, now.text);
      setAttribute(root, 'data-status', now.name);
      setText(brief, briefText(camera, view.state.cameraStats.get(camera.id)));
      // What is folded is not seen: it costs nothing.
      if (details.open) unfolded(shown);
    },
  };
}

function inputText({ stream, inputType, address }: CameraState): string {
  const size = stream ? `, ${stream.widthPx} × ${stream.heightPx}${stream.codec ? ` ${stream.codec}` : ''}` : '';
  return `${CAMERA_KINDS[inputType].word} ${address}${size}`;
}

/** In the order of CAMERA_FACTS. */
function factsOf(camera: CameraState, stats: CameraStats | undefined): readonly string[] {
  const latency = stats?.latencyMs;
  return [
    stats && camera.status === 'running' ? `${readOfCome(stats)} a second read` : '–',
    latency ? `median ${millisText(latency.p50)}, p95 ${millisText(latency.p95)}, p99 ${millisText(latency.p99)}` : '–',
    droppedText(stats),
    decodingText(camera) ?? '–',
    camera.decodeErrors === 0 ? 'none' : camera.decodeErrors.toLocaleString('en-US'),
    String(camera.reconnects),
    endText(camera) ?? 'none',
    `${STATUS_WORDS[camera.status].toLowerCase()} since ${timeOfDay(Date.parse(camera.since))}`,
  ];
}

function droppedText(stats: CameraStats | undefined): string {
  const drops = Object.entries(stats?.dropped ?? {}).filter(([, count]) => count > 0);
  const total = drops.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0 || !stats) return 'none';
  const reasons = drops.map(([why, count]) => `${DROP_WORDS[why] ?? why} ${count.toLocaleString('en-US')}`);
  const share = ((100 * total) / (total + stats.analysed)).toFixed(1);
  return `${total.toLocaleString('en-US')} (${share} %): ${reasons.join(', ')}`;
}

/** Rate, p95 of the latency and drops: "24 of 25 fps · 48 ms · 12 drops". */
function briefText({ status }: CameraState, stats: CameraStats | undefined): string {
  if (!stats) return '';
  const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  const lost = countText(dropped, 'drop');
  if (status !== 'running') return lost;
  return [pacesText(stats), millisText(stats.latencyMs?.p95), lost].join(' · ');
}
