import { describe, expect, it } from 'vitest';
import { diffConfig } from '../../../src/config/diff.js';
import { loadConfig } from '../../../src/config/load.js';

const env = { MIEN_PURPOSE: 'testing', TOKEN: 'a-token-of-enough-letters' };
const TOKENS = '[{name: a, scopes: [read], env: TOKEN}]';
const load = (more: Record<string, string>) => loadConfig({ env: { ...env, ...more } });
const nothing = { cameras: { added: [], changed: [], removed: [] }, restart: [] };

describe('diffConfig', () => {
  it('finds nothing between equal configurations', async () => {
    const cameras = { MIEN_CAMERAS: '[{id: a, type: push}]', MIEN_SERVER__TOKENS: TOKENS };
    expect(diffConfig(await load(cameras), await load(cameras))).toEqual(nothing);
  });

  it('tells cameras added, changed and removed; their order does not matter', async () => {
    const before = await load({ MIEN_CAMERAS: '[{id: a, type: push}, {id: b, type: push}, {id: c, type: push}]' });
    const after = await load({
      MIEN_CAMERAS: '[{id: d, type: push}, {id: c, type: push}, {id: b, type: push, name: B}]',
    });
    const { cameras, restart } = diffConfig(before, after);
    expect(cameras.added.map(({ id }) => id)).toEqual(['d']);
    expect(cameras.changed).toMatchObject([{ id: 'b', name: 'B' }]);
    expect(cameras.removed).toEqual(['a']);
    expect(restart).toEqual([]);
  });

  it('changes cameras whose defaults changed, without a restart', async () => {
    const before = await load({ MIEN_CAMERAS: '[{id: a, type: push}, {id: b, type: push, maxFps: 3}]' });
    const after = await load({
      MIEN_CAMERAS: '[{id: a, type: push}, {id: b, type: push, maxFps: 3}]',
      MIEN_DEFAULTS__MAX_FPS: '5',
    });
    expect(diffConfig(before, after).cameras.changed.map(({ id }) => id)).toEqual(['a']);
    expect(diffConfig(before, after).restart).toEqual([]);
  });

  it('opens a camera anew that another decoder is to decode', async () => {
    const camera = (more: string) => load({ MIEN_CAMERAS: `[{id: a, type: push${more}}]` });
    const { cameras, restart } = diffConfig(await camera(''), await camera(', decode: vaapi'));
    expect(cameras.changed).toMatchObject([{ id: 'a', decode: 'vaapi' }]);
    expect(restart).toEqual([]);
  });

  it.each([
    [{ MIEN_SERVER__PORT: '1' }, ['server.port']],
    [{ MIEN_MODE: 'au-only' }, ['mode', 'notice.text']],
    [{ MIEN_ANALYSIS__LANES: '2', MIEN_MAX_CAMERAS: '3' }, ['analysis.lanes', 'maxCameras']],
    [{ MIEN_ANALYSIS__DEVICE: 'cuda' }, ['analysis.device']],
    [{ MIEN_SERVER__LIMITS__MAX_CLIENTS: '3' }, ['server.limits']],
    [{ MIEN_RETENTION__EPISODES: '5m' }, ['notice.text', 'retention.episodes']],
    [{ MIEN_SERVER__LIMITS__PING_INTERVAL: '20s' }, ['server.limits']],
    [{ TOKEN: 'another-token-of-enough-letters' }, ['server.tokens']],
  ])('%j needs a restart', async (change, restart) => {
    const tokens = { MIEN_SERVER__TOKENS: TOKENS };
    expect(diffConfig(await load(tokens), await load({ ...tokens, ...change })).restart).toEqual(restart);
  });
});
