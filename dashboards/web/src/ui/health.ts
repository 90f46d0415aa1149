import { CAMERA_KINDS } from '../../../../src/domain/camera-kinds.js';
import { h, keyedChildren, setAttribute, setText } from '../dom.js';
import { drawLatency } from '../draw/strip.js';
import { surfaceOf, unwatchSize, watchSize } from '../draw/surface.js';
import { KEEP } from '../model/state.js';
import type { CameraState } from '../model/wire.js';
import type { Part, View } from '../view.js';
import {
  bytesText,
  countText,
  DEVICE_WORDS,
  DROP_WORDS,
  decodingText,
  endText,
  lengthText,
  millisText,
  rateText,
  STATUS_WORDS,
  statusNow,
  timeOfDay,
  troubleOf,
} from '../words.js';

/** A list of terms whose values change. */
function facts(names: readonly string[]) {
  const values = names.map(() => h('dd'));
  const root = h('dl', {
    className: 'facts',
    children: names.map((name, at) => h('div', { children: [h('dt', { text: name }), values[at]!] })),
  });
  return {
    root,
    set(texts: readonly string[]): void {
      for (const [at, text] of texts.entries()) setText(values[at]!, text);
    },
  };
}

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

function createCamera() {
  const name = h('h3');
  const status = h('span', { className: 'status' });
  const trouble = h('p', { className: 'sub' });
  const list = facts(CAMERA_FACTS);
  const chart = h('canvas', { className: 'latency', attributes: { role: 'img' } });
  watchSize(chart);
  const root = h('li', {
    className: 'camera-health',
    children: [h('div', { className: 'caption', children: [name, status] }), trouble, chart, list.root],
  });
  return {
    root,
    close: () => unwatchSize(chart),
    update(camera: CameraState, view: View): void {
      const { state, nowMs } = view;
      const stats = state.cameraStats.get(camera.id);
      setText(name, camera.name);
      const now = statusNow(camera, view.connection.status === 'open');
      setText(status, now.text);
      setAttribute(root, 'data-status', now.name);
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

const SYSTEM_FACTS = [
  'Models run on',
  'Lanes',
  'Lane restarts',
  'Server running',
  'Server memory',
  'Event loop lag',
  'Clients',
  'In this page',
];

/** Health of cameras and lanes, latency and drops. */
export function createHealth(): Part {
  const list = h('ul', { className: 'health' });
  const system = facts(SYSTEM_FACTS);
  const root = h('section', {
    className: 'card',
    attributes: { 'aria-labelledby': 'health-title' },
    children: [
      h('div', {
        className: 'section-head',
        children: [
          h('h2', { text: 'Health', attributes: { id: 'health-title' } }),
          h('p', {
            className: 'key sub',
            children: [
              h('span', { className: 'line-first', attributes: { 'aria-hidden': 'true' } }),
              'median ',
              h('span', { className: 'line-second', attributes: { 'aria-hidden': 'true' } }),
              'p95 latency, arrival to result; ',
              h('span', { className: 'line-drop', attributes: { 'aria-hidden': 'true' } }),
              'dropped pictures; two minutes',
            ],
          }),
        ],
      }),
      system.root,
      list,
    ],
  });
  system.root.classList.add('system');
  let current: View | undefined;
  type CameraView = ReturnType<typeof createCamera>;
  let views: ReadonlyMap<string, CameraView> = new Map();
  const keep = keyedChildren<CameraState, CameraView>(list, {
    keyOf: ({ id }) => id,
    make: createCamera,
    update: (view, camera) => view.update(camera, current!),
  });
  return {
    root,
    update(view) {
      current = view;
      const before = views;
      views = new Map(keep([...view.state.cameras.values()]));
      for (const [id, old] of before) if (!views.has(id)) old.close();
      const numbers = view.state.system;
      const { faces, pictures } = view.history.bytes;
      const span = view.history.span();
      const seconds = span ? (span.toMs - span.fromMs) / 1000 : 0;
      const { server } = view.state;
      system.set([
        server ? DEVICE_WORDS[server.device] : '–',
        numbers ? String(numbers.lanes) : '–',
        numbers ? String(numbers.laneRestarts) : '–',
        numbers ? lengthText(numbers.uptimeSeconds) : '–',
        numbers ? bytesText(numbers.rssBytes) : '–',
        numbers ? millisText(numbers.eventLoopLagMs) : '–',
        numbers ? countText(numbers.clients, 'client') : '–',
        `${lengthText(seconds)}, ${bytesText(faces + pictures)}`,
      ]);
    },
  };
}
