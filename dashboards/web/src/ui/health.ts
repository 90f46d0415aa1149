import { h, keyedChildren } from '../dom.js';
import type { CameraState } from '../model/wire.js';
import type { Part, View } from '../view.js';
import { bytesText, countText, DEVICE_WORDS, lengthText, millisText } from '../words.js';
import { createCameraHealth } from './camera-health.js';
import { facts } from './facts.js';
import { narrow } from './fold.js';

/** More cameras are folded to a line each, and all of them on a narrow page. */
const UNFOLDED = 4;

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
    className: 'card health-card',
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
  type CameraView = ReturnType<typeof createCameraHealth>;
  let views: ReadonlyMap<string, CameraView> = new Map();
  const keep = keyedChildren<CameraState, CameraView>(list, {
    keyOf: ({ id }) => id,
    make: createCameraHealth,
    update: (view, camera) => view.update(camera, current!, narrow.matches || current!.state.cameras.size > UNFOLDED),
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
