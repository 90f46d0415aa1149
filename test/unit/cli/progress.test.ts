import { describe, expect, it } from 'vitest';
import { ProgressPrinter, progressLine } from '../../../src/cli/progress.js';
import { besidesProgress } from '../../support/run-cli.js';

const half = { frames: 250, totalFrames: 500, mediaSeconds: 10, totalSeconds: 20, elapsedSeconds: 2 };

describe('progressLine', () => {
  it('shows share, speed and time left', () => {
    expect(progressLine('a.mp4', half)).toBe(`a.mp4  ${'█'.repeat(12)}${'░'.repeat(12)}  50 %  125 fps  ETA 0:02`);
  });
  it('falls back to frames, then to the time reached', () => {
    expect(progressLine('a', { ...half, totalSeconds: null })).toContain(' 50 %');
    expect(progressLine('a', { ...half, totalSeconds: null, totalFrames: null })).toBe('a  0:10  125 fps');
  });
  it('draws no bar where none is asked for', () => {
    expect(progressLine('a.mp4', half, { bar: false })).toBe('a.mp4   50 %  125 fps  ETA 0:02');
  });
  it('never passes 100 %', () => {
    expect(progressLine('a', { ...half, mediaSeconds: 25 })).toContain('100 %');
  });
  it('is what tests of commands set aside, and nothing else is', () => {
    const unknown = { ...half, totalSeconds: null, totalFrames: null };
    for (const progress of [half, unknown])
      for (const bar of [true, false])
        expect(besidesProgress(`${progressLine('my clip', progress, { bar })}\nmien: it is 12 fps\n`)).toBe(
          'mien: it is 12 fps\n',
        );
  });
  it('writes hours', () => {
    expect(progressLine('a', { ...half, mediaSeconds: 3725, totalSeconds: null, totalFrames: null })).toContain(
      '1:02:05',
    );
  });
});

describe('ProgressPrinter', () => {
  const record = (isTTY: boolean) => {
    const written: string[] = [];
    return { written, stream: { isTTY, columns: 10, write: (text: string) => written.push(text) } };
  };
  it('writes whole lines when not on a terminal, one in ten seconds', () => {
    const { written, stream } = record(false);
    let nowMs = 0;
    const printer = new ProgressPrinter(stream, () => nowMs);
    for (nowMs = 0; nowMs <= 25_000; nowMs += 500) printer.show(`at ${nowMs}, longer than a terminal  `);
    printer.clear();
    expect(written).toEqual(['at 10000, longer than a terminal\n', 'at 20000, longer than a terminal\n']);
  });
  it('fits the terminal and clears only what it drew', () => {
    const { written, stream } = record(true);
    const printer = new ProgressPrinter(stream);
    printer.clear();
    printer.show('0123456789abc');
    printer.clear();
    expect(written).toEqual(['\r\u001b[2K012345678', '\r\u001b[2K']);
  });
});
