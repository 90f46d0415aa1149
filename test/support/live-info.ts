import type { SystemInfo } from '../../src/live/live-system.js';

/** What a live system says of itself, for tests that do not look at it. */
export const LIVE_INFO: SystemInfo = {
  mienVersion: '0',
  purpose: 'testing',
  emotions: true,
  actionUnits: [],
  device: 'cpu',
  models: [],
  notice: '',
  startedAt: '2026-01-15T09:30:00.000Z',
};
