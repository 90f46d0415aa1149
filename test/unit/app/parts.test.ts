import { describe, expect, it } from 'vitest';
import { Parts } from '../../../src/app/parts.js';

function started(...names: readonly string[]) {
  const closed: string[] = [];
  const parts = new Parts();
  for (const name of names) {
    parts.add(name, async (part) => {
      closed.push(`${part} begins`);
      await Promise.resolve();
      closed.push(`${part} ends`);
    });
  }
  return { parts, closed };
}

describe('Parts', () => {
  it('closes in reverse, one after the other, once', async () => {
    const { parts, closed } = started('lanes', 'server');
    expect(parts.closing).toBe(false);
    await Promise.all([parts.close(), parts.close()]);
    expect(closed).toEqual(['server begins', 'server ends', 'lanes begins', 'lanes ends']);
    expect(parts.closing).toBe(true);
  });

  it('a part that fails to close keeps no other open, and is told of', async () => {
    const { parts, closed } = started('lanes');
    parts.add('cameras', () => Promise.reject(new Error('cameras are stuck')));
    parts.add('server', () => Promise.reject(new Error('server is stuck')));
    await expect(parts.close()).rejects.toThrow('server is stuck');
    expect(closed).toEqual(['lanes begins', 'lanes ends']);
  });

  it('hands a part back as it is', () => {
    const part = { url: 'http://127.0.0.1' };
    expect(new Parts().add(part, async () => undefined)).toBe(part);
  });
});
