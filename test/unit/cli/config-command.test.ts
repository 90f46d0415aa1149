import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../../../src/cli/cli.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
afterEach(() => vi.restoreAllMocks());

/** Runs the command line in this process; returns its exit code and what it wrote. */
async function run(...argv: readonly string[]) {
  const written = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.out += text;
    return true;
  });
  vi.spyOn(console, 'error').mockImplementation((text) => {
    written.err += text;
  });
  return { code: await runCli(['config', ...argv]), ...written };
}

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

describe('mien config print', () => {
  it('prints what is in force with every default, and no credentials', async () => {
    const path = file('cameras: [{id: a, type: rtsp, url: "rtsp://user:zzsecret@cam/"}]\nserver: {port: 1}');
    const { code, out } = await run('print', path, '--set', 'analysis.lanes=3');
    expect(code).toBe(0);
    expect(out).not.toContain('zzsecret');
    expect(parse(out)).toMatchObject({
      server: { port: 1, host: '127.0.0.1', limits: { maxBody: '64KiB' } },
      cameras: [{ id: 'a', transport: 'tcp', url: 'rtsp://***@cam/' }],
      analysis: { lanes: 3, detector: 'full' },
    });
  });

  it('prints a preset with its placeholders', async () => {
    const { cameras } = parse((await run('print', '--preset', 'rtsp-cpu')).out);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder
    expect(cameras[0].url).toBe('${MIEN_RTSP_URL}');
  });
});
