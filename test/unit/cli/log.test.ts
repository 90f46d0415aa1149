import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../../src/cli/create-log.js';
import { progressTo } from '../../../src/cli/progress-stream.js';
import { LOG_LEVELS, type LogLevel } from '../../../src/domain/logger.js';
import { collectingLogger } from '../../support/collecting-logger.js';
import { runInProcess } from '../../support/run-in-process.js';

afterEach(() => vi.restoreAllMocks());

function linesOf(level: LogLevel, format: 'text' | 'json'): string[] {
  const lines: string[] = [];
  const now = () => new Date('2026-01-15T09:30:00Z');
  const log = createLog({ level, format, now, write: (line) => lines.push(line) });
  for (const each of LOG_LEVELS) log[each](`a ${each}\nof two lines`, { camera: 'door' });
  return lines;
}

describe('createLog', () => {
  it.each(LOG_LEVELS)('%s: no line below it', (level) => {
    const shown = LOG_LEVELS.slice(LOG_LEVELS.indexOf(level));
    expect(linesOf(level, 'json').map((line) => JSON.parse(line).level)).toEqual(shown);
    expect(linesOf(level, 'text')).toHaveLength(shown.length);
  });

  it('text: time and importance; an error as any command tells it', () => {
    const at = '2026-01-15T09:30:00.000Z';
    expect(linesOf('debug', 'text').map((line) => line.split('\n')[0])).toEqual([
      `${at} debug: a debug`,
      `${at} a info`,
      `${at} warning: a warn`,
      'mien: a error',
    ]);
  });

  it('json: one object a line, whatever is told', () => {
    expect(linesOf('error', 'json')).toEqual([
      '{"time":"2026-01-15T09:30:00.000Z","level":"error","message":"a error\\nof two lines","camera":"door"}',
    ]);
  });
});

describe('the log of a command', () => {
  it.each([
    [['analyze', 'nowhere.mp4'], { code: 'INPUT_NOT_FOUND', exitCode: 3 }],
    [['analyze', 'a.mp4', '--overwrite', '--resume'], { code: 'USAGE', exitCode: 2 }],
    [['serve', '--port', '0'], { code: 'PURPOSE_REFUSED', exitCode: 13 }],
    [['serve', '--preset', 'nothing'], { code: 'CONFIG_INVALID', exitCode: 12 }],
  ])('%j: why it ends is a line of JSON, with its code', async (argv, about) => {
    const { code, err } = await runInProcess(...argv, '--log', 'json');
    expect(JSON.parse(err)).toMatchObject({ level: 'error', message: expect.any(String), ...about });
    expect(code).toBe(about.exitCode);
  });

  it('leaves out what the level leaves out, and credentials always', async () => {
    const serve = ['serve', '--camera', 'rtsp://user:zzsecret@cam/', '--log'];
    const levels = (err: string) =>
      err
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).level);
    const all = await runInProcess(...serve, 'json', '--log-level', 'debug');
    expect(levels(all.err)).toEqual(['warn', 'error']);
    expect(all.err).not.toContain('zzsecret');
    expect(levels((await runInProcess(...serve, 'json', '--log-level', 'error')).err)).toEqual(['error']);
  });

  it('refuses a level or format that there is not', async () => {
    expect(await runInProcess('serve', '--log-level', 'loud')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/Allowed choices are debug, info, warn, error/),
    });
    expect((await runInProcess('analyze', 'a.mp4', '--log', 'xml')).code).toBe(2);
  });
});

describe('progress', () => {
  const shown: string[] = [];
  const terminal = { isTTY: true, write: (text: string) => shown.push(text) };
  const to = (flags: object, log = collectingLogger()) =>
    progressTo({ jobs: 1, logLevel: 'info', log: 'text', ...flags }, { log, video: 'a' }, terminal);

  it('is drawn over itself for one video at a time only', () => {
    expect(to({})).toBe(terminal);
    expect(to({ jobs: 2 })?.isTTY).toBeUndefined();
  });
  it('is not told above level info', () => {
    expect([to({ logLevel: 'warn' }), to({ logLevel: 'error', log: 'json' })]).toEqual([null, null]);
  });
  it('is lines of the log where that is JSON', () => {
    const lines: string[] = [];
    to({ log: 'json' }, collectingLogger(lines))?.write('a  50 %\n');
    expect(lines).toEqual(['a  50 %']);
  });
});
