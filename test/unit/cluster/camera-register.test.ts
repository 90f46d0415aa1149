import { beforeEach, describe, expect, it } from 'vitest';
import { inForce, type Registered, registerCodec, registerConfigured } from '../../../src/cluster/camera-register.js';
import { createSeal } from '../../../src/cluster/seal.js';
import type { Areas } from '../../../src/domain/areas.js';
import { cameraConfig } from '../../support/fake-live-system.js';
import { type MemoryBucket, MemoryStore } from '../../support/memory-bucket.js';

const NOW_MS = 1_000;
const DRAWN: Areas = {
  masks: [
    {
      name: 'street',
      points: [
        [0, 0],
        [0.5, 0],
        [0.5, 1],
      ],
    },
  ],
  zones: [],
};
const [door, desk] = [cameraConfig('door'), cameraConfig('desk')];

describe('registerConfigured', () => {
  let store: MemoryStore<Registered>;
  let register: MemoryBucket<Registered>;
  beforeEach(() => {
    store = new MemoryStore();
    register = store.open();
  });
  const put = (id: string, more: Partial<Registered> = {}): void => {
    const value: Registered = { config: cameraConfig(id), origin: 'configuration', drawn: null, addedAtMs: 1, ...more };
    store.write(id, value, 0);
    register.heal();
  };
  const revisions = (): Record<string, number> =>
    Object.fromEntries([...store.truth].map(([id, { revision }]) => [id, revision]));
  const value = (id: string): Registered | undefined => store.truth.get(id)?.value;

  it('adds what is new', async () => {
    await registerConfigured(register, [door, desk], NOW_MS);
    expect([...store.truth.keys()]).toEqual(['door', 'desk']);
    expect(value('door')).toEqual({ config: door, origin: 'configuration', drawn: null, addedAtMs: NOW_MS });
  });

  it('leaves alone what is as it was, what was drawn and since when it counts included', async () => {
    put('door', { drawn: DRAWN });
    const before = revisions();
    // Some settings are not there rather than null: the bus gives neither.
    await registerConfigured(register, [{ ...door, ...{ later: undefined } }], NOW_MS);
    expect(revisions()).toEqual(before);
    expect(value('door')).toMatchObject({ drawn: DRAWN, addedAtMs: 1 });
  });

  it('changes what is configured otherwise; what was drawn over it is gone, its time goes on', async () => {
    put('door', { drawn: DRAWN });
    await registerConfigured(register, [{ ...door, maxFps: 5 }], NOW_MS);
    expect(value('door')).toEqual({
      config: { ...door, maxFps: 5 },
      origin: 'configuration',
      drawn: null,
      addedAtMs: 1,
    });
  });

  it('removes what is configured no longer, and nothing that came by request', async () => {
    put('door');
    put('desk');
    put('guest', { origin: 'request' });
    await registerConfigured(register, [door], NOW_MS);
    expect([...store.truth.keys()]).toEqual(['door', 'guest']);
  });

  it('a camera that came by request and is configured now is of the configuration', async () => {
    put('door', { origin: 'request', config: { ...door, maxFps: 5 } });
    await registerConfigured(register, [door], NOW_MS);
    expect(value('door')).toMatchObject({ config: door, origin: 'configuration' });
  });

  it('what another gateway changed at the same moment stays', async () => {
    register.cut();
    store.write('door', { config: { ...door, maxFps: 5 }, origin: 'request', drawn: null, addedAtMs: 1 }, 0);
    register.heal(false);
    await registerConfigured(register, [door], NOW_MS);
    expect(value('door')).toMatchObject({ config: { maxFps: 5 }, origin: 'request' });
  });
});

describe('a registered camera', () => {
  const registered: Registered = { config: door, origin: 'configuration', drawn: DRAWN, addedAtMs: 1 };

  it('is read with what was drawn, else as configured', () => {
    expect(inForce(registered)).toEqual({ ...door, ...DRAWN });
    expect(inForce({ ...registered, drawn: null })).toEqual(door);
  });

  it('is sealed on the bus under its name', () => {
    const codec = registerCodec(createSeal('0123456789abcdef'));
    const bytes = codec.write(registered, 'door');
    expect(Buffer.from(bytes).includes('camera.test')).toBe(false);
    expect(codec.read(bytes, 'door')).toEqual(registered);
    expect(codec.read(bytes, 'desk')).toBeNull();
    expect(registerCodec(createSeal('0123456789abcdeg')).read(bytes, 'door')).toBeNull();
  });
});
