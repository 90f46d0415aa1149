import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { runInProcess } from '../../support/run-in-process.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
afterEach(() => vi.restoreAllMocks());

const run = (...argv: readonly string[]) => runInProcess('config', ...argv);

function file(text: string): string {
  const path = join(folder(), 'cams.yaml');
  writeFileSync(path, text);
  return path;
}

describe('mien config check', () => {
  it('says that a file is correct', async () => {
    const { code, out } = await run('check', file('purpose: art\ncameras: [{id: a, type: push}]'));
    expect(code).toBe(0);
    expect(out).toMatch(/cams\.yaml: correct; purpose art, 1 camera\n$/);
  });

  it.each([
    ['mode: half\npurpose: art', [], 12, 'cams.yaml:1: mode: expected one of full, au-only'],
    ['mode: full', [], 13, 'purpose: not stated'],
    ['mode: full', ['--set', 'purpose=workplace'], 13, '"workplace" is refused'],
    ['purpose: art', ['--set', 'server.prot=1'], 12, '--set: server.prot: unknown key "prot"; did you mean "port"?'],
  ])('%j %j ends with %i', async (text, flags, code, message) => {
    const result = await run('check', file(text), ...flags);
    expect(result.code).toBe(code);
    expect(result.err).toContain(message);
  });

  it('can leave secrets out of account', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder
    const path = file('purpose: art\ncameras: [{id: a, type: rtsp, url: "${MIEN_TEST_NOWHERE}"}]');
    expect((await run('check', path)).code).toBe(12);
    expect((await run('check', path, '--no-secrets')).code).toBe(0);
  });
});

describe('mien config check for programs', () => {
  it('tells each problem with its place and key, and ends as it does for people', async () => {
    const path = file('purpose: art\nserver: {prot: 1}\ncameras: [{id: a, type: push, pasword: zzsecret}]');
    const { code, out, err } = await run('check', path, '--json');
    expect(JSON.parse(out)).toEqual({
      type: 'check',
      file: path,
      correct: false,
      problems: [
        { where: `${path}:2`, key: 'server.prot', text: 'unknown key; did you mean "port"?' },
        { where: `${path}:3`, key: 'cameras[0].pasword', text: expect.stringMatching(/^unknown key; known: id, name/) },
      ],
      purpose: null,
      cameras: [],
    });
    expect(code).toBe(12);
    expect(err).toMatch(/^mien: 2 problems in the configuration\n/);
  });

  it('tells that there is none; --quiet says nothing', async () => {
    const path = file('purpose: art\ncameras: [{id: a, type: push}]');
    const { code, out } = await run('check', path, '--json', '--quiet');
    expect(JSON.parse(out)).toMatchObject({ correct: true, problems: [], purpose: 'art', cameras: ['a'] });
    expect(code).toBe(0);
    expect(await run('check', path, '--quiet')).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('mien config print', () => {
  it('prints the same as JSON', async () => {
    const path = file('cameras: [{id: a, type: rtsp, url: "rtsp://user:zzsecret@cam/"}]');
    const json = await run('print', path, '--json');
    expect(JSON.parse(json.out)).toEqual(parse((await run('print', path)).out));
    expect(json.out).not.toContain('zzsecret');
  });

  it('prints what is in force with every default, and no credentials', async () => {
    const path = file('cameras: [{id: a, type: rtsp, url: "rtsp://user:zzsecret@cam/"}]\nserver: {port: 1}');
    const { code, out } = await run('print', path, '--set', 'analysis.lanes=3');
    expect(code).toBe(0);
    expect(out).not.toContain('zzsecret');
    expect(parse(out)).toMatchObject({
      server: { port: 1, host: '127.0.0.1', limits: { maxBody: '64KiB' } },
      cameras: [{ id: 'a', transport: 'tcp', url: 'rtsp://***@cam/' }],
      analysis: { lanes: 3, detector: 'both' },
    });
  });

  it('prints a preset with its placeholders', async () => {
    const { cameras } = parse((await run('print', '--preset', 'rtsp-cpu')).out);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder
    expect(cameras[0].url).toBe('${MIEN_RTSP_URL}');
  });
});
