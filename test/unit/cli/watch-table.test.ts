import { describe, expect, it } from 'vitest';
import { WatchTable } from '../../../src/cli/watch-table.js';
import { cameraState } from '../../support/camera-state.js';

const SIZE = { columns: 80, rows: 20 };

/** A table of one running camera that has told no readings. */
function running(facesComing?: boolean): string[] {
  const table = new WatchTable(null, facesComing);
  table.accept({ type: 'state', state: cameraState('door') } as never);
  return table.lines(SIZE, '');
}

describe('WatchTable', () => {
  it('says that a camera shows no face', () => {
    expect(running()).toContain('  no face');
  });

  it('says nothing of faces where readings were not asked for', () => {
    const lines = running(false);
    expect(lines.some((line) => line.startsWith('door'))).toBe(true);
    expect(lines).not.toContain('  no face');
  });
});
