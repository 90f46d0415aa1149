import { describe, expect, it } from 'vitest';
import { lockName, readLockName } from '../../../src/holding/lock-name.js';

const HOLDER = { host: 'nvr.lan', pid: 4711, began: '61748', boot: '2db99927d42e', space: '4026531836' };

describe('names of lock files', () => {
  it('say who holds what, and are read back', () => {
    const name = lockName(null, HOLDER, 'c0ffee');
    expect(name).toBe('.mien-lock~folder~nvr.lan~4711~61748~2db99927d42e~4026531836~c0ffee');
    expect(readLockName(name, null)).toEqual(HOLDER);
  });

  it('are of one part of a folder, whatever that is called', () => {
    const part = `a name ~ with / all sorts ${'x'.repeat(300)}`;
    const name = lockName(part, HOLDER, 'c0ffee');
    expect(name.length).toBeLessThan(255);
    expect(readLockName(name, part)).toEqual(HOLDER);
    expect(readLockName(name, 'another')).toBeNull();
    expect(readLockName(name, null)).toBeNull();
  });

  it.each(['desk', '.probe', '.mien-lock~folder', '.mien-lock~folder~nvr~x~1~0~0~aa'])('%s is none', (name) => {
    expect(readLockName(name, null)).toBeNull();
  });
});
