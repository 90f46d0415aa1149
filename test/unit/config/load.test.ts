import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LoadOptions, loadConfig } from '../../../src/config/load.js';
import { AffectError } from '../../../src/domain/errors.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const SECRET = 'correct-horse-battery-staple';

function file(...lines: readonly string[]): string {
  const path = join(folder(), 'cams.yaml');
  writeFileSync(path, lines.join('\n'));
  return path;
}

async function refusal(options: Partial<LoadOptions>): Promise<AffectError> {
  const result = await loadConfig({ env: {}, ...options }).catch((error: unknown) => error);
  if (!(result instanceof AffectError)) throw new Error('expected a refusal', { cause: result });
  return result;
}

/** Lines of the refusal of a file with these lines, without the folder. */
async function problemsOf(lines: readonly string[], options: Partial<LoadOptions> = {}): Promise<string[]> {
  const error = await refusal({ file: file(...lines), ...options });
  expect(error.code).toBe('CONFIG_INVALID');
  return error.message
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^ {2}\S*(cams\.yaml)/, '$1'));
}

describe('loadConfig', () => {
  it('needs a purpose and nothing else', async () => {
    const config = await loadConfig({ env: { MIEN_PURPOSE: 'research' } });
    expect(config).toMatchObject({
      purpose: 'research',
      purposeStatement: null,
      mode: 'full',
      server: { host: '127.0.0.1', port: 7420, tokens: [], limits: { maxBodyBytes: 65_536, heartbeatMs: 30_000 } },
      cameras: [],
      analysis: { detector: 'both', lanes: null, baseline: true },
      retention: { episodesMs: 600_000 },
      maxCameras: 16,
    });
    expect(config.notice.text).toContain('Purpose: research');
  });

  it('has no language model unless enabled, and then all it needs', async () => {
    expect((await loadConfig({ env: { MIEN_PURPOSE: 'testing' } })).mllm).toBeNull();
    const engine = 'engine: {urls: ["http://127.0.0.1:8000/v1"], model: tiny, timeout: 5s}';
    const path = file('purpose: testing', `mllm: {enabled: true, ${engine}, minInterval: 500ms, fusion: {weight: 0}}`);
    expect((await loadConfig({ env: {}, file: path })).mllm).toEqual({
      engine: {
        type: 'openai',
        urls: ['http://127.0.0.1:8000/v1'],
        model: 'tiny',
        adapters: {},
        keyEnv: null,
        timeoutMs: 5000,
      },
      tasks: ['describe'],
      prompts: {},
      priors: true,
      imagePx: 336,
      perCameraPerMinute: 12,
      overallPerMinute: 60,
      minIntervalMs: 500,
      maxIntervalMs: 30_000,
      fusion: { weight: 0, decaySeconds: 1.5 },
    });
  });

  it('takes a model of the server for a single task', async () => {
    const engine = 'engine: {urls: ["http://a.test"], model: base, adapters: {emotion: for-emotion, describe: ""}}';
    const path = file('purpose: testing', `mllm: {enabled: true, ${engine}, tasks: [emotion, describe]}`);
    expect((await loadConfig({ env: {}, file: path })).mllm!.engine.adapters).toEqual({ emotion: 'for-emotion' });
  });

  it('takes mien-vlm without a server and without the name of a model', async () => {
    const path = file('purpose: testing', 'mllm: {enabled: true, engine: {type: mien-vlm}}');
    expect((await loadConfig({ env: {}, file: path })).mllm!.engine).toMatchObject({ type: 'mien-vlm', model: '' });
  });

  it.each([
    ['{enabled: true}', /mllm\.engine\.urls: .*needs the address.*mllm\.engine\.type: measured/],
    ['{enabled: true, engine: {type: measured}, tasks: [compound]}', /mllm\.tasks: "compound" needs a model/],
    ['{enabled: true, engine: {urls: ["http://a.test"]}}', /mllm\.engine\.model: .*needs the name/],
    [
      '{enabled: true, engine: {urls: ["http://a.test"], model: m, adapters: {compound: c}}}',
      /mllm\.engine\.adapters\.compound: names a model for compound, which mllm\.tasks does not ask; add it there/,
    ],
    [
      '{enabled: true, engine: {type: mien-vlm, adapters: {describe: d}}}',
      /mllm\.engine\.adapters\.describe: goes with mllm\.engine\.type: openai; the engine mien-vlm has one model/,
    ],
    ['{engine: {adapters: {emotions: m}}}', /mllm\.engine\.adapters\.emotions: /],
    ['{engine: {urls: ["http://user:secret@a.test"]}}', /mllm\.engine\.urls/],
    ['{engine: {urls: ["file:///etc"]}}', /mllm\.engine\.urls/],
    ['{fusion: {weight: 1.1}}', /mllm\.fusion\.weight: .*from 0 to 1/],
    ['{fusion: {decay: 4s}}', /mllm\.fusion\.decay: .*100ms to 3s/],
    ['{enabled: true, engine: {urls: ["http://a.test"], model: m}, maxInterval: 1s}', /mllm\.maxInterval: .*2000 ms/],
    ['{enabled: true, engine: {urls: ["http://a.test"], model: m}}', /mllm\.tasks: mode au-only/],
  ])('refuses mllm: %s', async (text, message) => {
    const problems = await problemsOf(['purpose: testing', 'mode: au-only', `mllm: ${text}`]);
    expect(problems.join('\n')).toMatch(message);
    expect(problems.join('\n')).not.toContain('secret');
  });

  it('needs neither address nor model for words from the measurements, and the notice tells of no language model', async () => {
    const mllm = 'mllm: {enabled: true, engine: {type: measured}}';
    const config = await loadConfig({ env: {}, file: file('purpose: testing', mllm) });
    expect(config.mllm?.engine).toMatchObject({ type: 'measured', urls: [], model: '' });
    expect(config.notice.text).not.toMatch(/language model/);
    const urls = 'engine: {urls: ["http://a.test"], model: m}';
    const asked = await loadConfig({ env: {}, file: file('purpose: testing', `mllm: {enabled: true, ${urls}}`) });
    expect(asked.notice.text).toMatch(/language model/);
  });

  it('is frozen to the bottom', async () => {
    const config = await loadConfig({ env: { MIEN_PURPOSE: 'research', MIEN_CAMERAS: '[{id: a, type: push}]' } });
    expect(() => Object.assign(config.server.limits, { maxClients: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.cameras[0]!.input, { type: 'file' })).toThrow(TypeError);
  });

  it('maps every type of camera', async () => {
    const path = file(
      'purpose: testing',
      'defaults: {maxFps: 10, maxSidePx: 640}',
      'cameras:',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders
      '  - {id: r, type: rtsp, url: "rtsp://${USER}:${PASS}@cam/1", name: Door, maxFps: all}',
      '  - {id: h, type: http, url: "https://cam/live.m3u8"}',
      '  - {id: w, type: webcam, device: /dev/video0, size: 1280x720, fps: 30}',
      '  - {id: f, type: file, path: clips/a.mp4, loop: false, minFacePx: 40, decode: vaapi}',
      '  - {id: p, type: push}',
    );
    const { cameras } = await loadConfig({ file: path, env: { USER: 'me', PASS: 'pw' } });
    const treated = { maxSidePx: 640, maxFps: 10, minFacePx: 24, rotate: 0, decode: 'auto', masks: [], zones: [] };
    const size = { widthPx: 1280, heightPx: 720 };
    expect(cameras).toEqual([
      {
        ...treated,
        id: 'r',
        name: 'Door',
        maxFps: null,
        input: { type: 'rtsp', url: 'rtsp://me:pw@cam/1', transport: 'tcp' },
      },
      { ...treated, id: 'h', name: 'h', input: { type: 'http', url: 'https://cam/live.m3u8' } },
      { ...treated, id: 'w', name: 'w', input: { type: 'webcam', device: '/dev/video0', size, fps: 30 } },
      {
        ...treated,
        id: 'f',
        name: 'f',
        minFacePx: 40,
        decode: 'vaapi',
        input: { type: 'file', path: join(path, '../clips/a.mp4'), loop: false },
      },
      { ...treated, id: 'p', name: 'p', input: { type: 'push' } },
    ]);
  });

  it('lets preset, file, environment and command line go over each other in this order', async () => {
    const path = file(
      'preset: rtsp-cpu',
      'purpose: art',
      'defaults: {maxSidePx: 800}',
      'server: {port: 1, host: localhost}',
    );
    const env = { MIEN_RTSP_URL: 'rtsp://cam/', MIEN_SERVER__PORT: '2', MIEN_SERVER__LIMITS__MAX_CLIENTS: '7' };
    const overrides = [{ key: 'server.port', value: '3', origin: '--set' }];
    const config = await loadConfig({ file: path, env, overrides });
    expect(config.cameras).toMatchObject([{ id: 'camera', maxFps: 15, maxSidePx: 800 }]);
    expect(config.server).toMatchObject({ port: 3, host: 'localhost', limits: { maxClients: 7 } });
  });

  it('reports every problem at once, with its line', async () => {
    const lines = [
      'purpose: reserch',
      'sever: {}',
      'server:',
      '  prot: 80',
      '  port: 99999',
      '  host: 0.0.0.0',
      'cameras:',
      '  - {id: a, type: rtsp, url: "http://u:pw@x/"}',
      '  - {id: a, type: rtps}',
      '  - {id: B, type: push}',
      '  - 5',
      'retention: {episodes: 5}',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template
      'notice: {text: "hello ${naem} and all the others"}',
      'maxCameras: 2',
    ];
    expect(await problemsOf(lines, { env: { MIEN_DEFAULTS__MAXFPS: 'none' } })).toEqual([
      expect.stringMatching(
        /^cams.yaml:1: purpose: expected one of research, .*, got "reserch"; did you mean "research"\?$/,
      ),
      'cams.yaml:2: sever: unknown key; did you mean "server"?',
      'cams.yaml:4: server.prot: unknown key; did you mean "port"?',
      'cams.yaml:5: server.port: expected a whole number from 0 to 65535, got 99999',
      expect.stringMatching(/^cams.yaml:6: server.host: "0.0.0.0" can be reached .* token/),
      'cams.yaml:8: cameras[0].url: "http://***@x/" must begin with rtsp:// or rtsps://',
      'cams.yaml:9: cameras[1].type: expected one of rtsp, http, webcam, file, push, got "rtps"; did you mean "rtsp"?',
      'cams.yaml:9: cameras[1].id: "a" is the id of cameras[0] too; ids are unique',
      expect.stringMatching(/^cams.yaml:10: cameras\[2\].id: expected 1 to 64 .* got "B"$/),
      'cams.yaml:11: cameras[3]: expected an element of a list of cameras, got 5',
      'cams.yaml:12: retention.episodes: expected a duration from 10s to 24h (units ms, s, m, h), got 5',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template
      'cams.yaml:13: notice.text: ${naem} is not a field of a notice',
      'cams.yaml:14: maxCameras: expected at least 4, the number of cameras configured, got 2',
      '  environment MIEN_DEFAULTS__MAXFPS: defaults.maxFps: expected all, or a number from 0.1 to 240, got "none"',
    ]);
  });

  it.each([
    ['rtsp', 'rtsp://-x', 'ok'],
    ['rtsp', '-i rtsp://cam/', 'refused'],
    ['rtsp', 'rtsp://cam/ -f null', 'refused'],
    ['rtsp', 'file:///etc/passwd', 'refused'],
    ['http', 'file:///etc/passwd', 'refused'],
    ['http', 'concat:http://a/|http://b/', 'refused'],
    ['http', 'http:///x', 'refused'],
    ['http', 'http:\\\\127.0.0.1/x', 'refused'],
    ['http', 'http://a\\@b/', 'refused'],
    ['https', 'https://a/', 'refused'],
    ['http', 'https://a.org:8443/live.m3u8?x=1', 'ok'],
    ['http', 'http://[::1]:80/', 'ok'],
    ['http', 'http://', 'refused'],
  ])('a camera of type %s at %s is %s', async (type, url, verdict) => {
    const overrides = [{ key: 'cameras', value: [{ id: 'a', type, url }], origin: 'test' }];
    const loaded = await loadConfig({ env: { MIEN_PURPOSE: 'testing' }, overrides }).then(
      () => 'ok',
      () => 'refused',
    );
    expect(loaded).toBe(verdict);
  });

  it.each(['-f', '', 'a\nb'])('a webcam named %j is refused', async (device) => {
    const overrides = [{ key: 'cameras', value: [{ id: 'a', type: 'webcam', device }], origin: 'test' }];
    expect((await refusal({ env: { MIEN_PURPOSE: 'testing' }, overrides })).message).toContain('cameras[0].device');
  });

  it('names placeholders that are not set, once', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder
    const lines = ['purpose: art', 'cameras:', '  - {id: a, type: rtsp, url: "${CAM_URL}"}'];
    expect(await problemsOf(lines)).toEqual(['cams.yaml:3: cameras[0].url: environment variable CAM_URL is not set']);
    await expect(loadConfig({ file: file(...lines), env: {}, secrets: 'skip' })).resolves.toBeDefined();
  });

  it.each([
    ['no YAML', ['a: b', '  c: "zzsecret'], /cams\.yaml:1: YAML: cannot be read/],
    [
      'a key given twice',
      ['purpose: art', 'mode: full', 'mode: full'],
      /cams\.yaml:3: YAML: cannot be read \(duplicate key\)/,
    ],
    [
      'a bad indent, told once',
      ['a: b', '  c:', '    d: zzsecret', 'e: []'],
      /^\D*cams\.yaml:1: YAML: cannot be read[^\n]*$/,
    ],
    ['a list', ['- zzsecret'], /cams\.yaml:1: YAML: expected keys with values/],
    [
      'too many aliases',
      [
        'a: &a [x, x, x, x, x, x, x, x, x]',
        'b: &b [*a, *a, *a, *a, *a, *a]',
        'c: [*b, *b, *b, *b, *b, *b, *b, *b, *b]',
        'd: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
      ],
      /YAML/,
    ],
    ['a prototype', ['purpose: art', '__proto__: {mode: au-only}'], /__proto__: unknown key/],
  ])('refuses %s', async (_, lines, message) => {
    const problems = (await problemsOf(lines)).join('\n');
    expect(problems).toMatch(message);
    expect(problems).not.toContain('zzsecret');
  });

  it('refuses a file that is not there, and a preset that is none', async () => {
    expect((await refusal({ file: 'nowhere.yaml' })).message).toContain(
      'nowhere.yaml: file: cannot be read (there is no such file)',
    );
    expect((await refusal({ preset: 'rtsp-cup' })).message).toContain('did you mean "rtsp-cpu"?');
  });
});

describe('purpose', () => {
  it.each([
    ['nothing', {}],
    ['a workplace', { MIEN_PURPOSE: 'workplace' }],
    ['a school', { MIEN_PURPOSE: 'education' }],
  ])('%s is PURPOSE_REFUSED', async (_, env) => {
    expect((await refusal({ env })).code).toBe('PURPOSE_REFUSED');
  });

  it('is one problem among others', async () => {
    const problems = await problemsOf(['mode: half']);
    expect(problems.join('\n')).toMatch(/purpose: not stated[\s\S]*mode: expected one of full, au-only, got "half"/);
  });

  it('passes with a medical or safety statement', async () => {
    const env = { MIEN_PURPOSE: 'workplace', MIEN_PURPOSE_STATEMENT: 'safety: drowsy crane drivers are warned' };
    const { purposeStatement } = await loadConfig({ env });
    expect(purposeStatement).toEqual({ ground: 'safety', text: 'drowsy crane drivers are warned' });
  });
});

describe('tokens', () => {
  const lines = (...entries: readonly string[]) => [
    'purpose: art',
    'server:',
    '  host: 0.0.0.0',
    '  tokens:',
    ...entries,
  ];

  it('come from the environment and from files', async () => {
    const path = file(
      ...lines('    - {name: a, scopes: [read], env: A}', '    - {name: b, scopes: [admin, push], file: b.token}'),
    );
    writeFileSync(join(path, '../b.token'), `${SECRET}-b\n`);
    const { server } = await loadConfig({ file: path, env: { A: SECRET } });
    expect(server.tokens.map(({ name, scopes, token }) => [name, scopes, token])).toEqual([
      ['a', ['read'], SECRET],
      ['b', ['admin', 'push'], `${SECRET}-b`],
    ]);
    expect(JSON.stringify(server)).not.toContain(SECRET);
  });

  it.each([
    ['unset', '{name: a, scopes: [read], env: NONE}', /tokens\[0\].env: environment variable NONE is not set/],
    ['short', '{name: a, scopes: [read], env: SHORT}', /tokens\[0\].env: .* does not hold a token/],
    ['unreadable', '{name: a, scopes: [read], file: none.token}', /tokens\[0\].file: file .* cannot be read/],
    ['without a source', '{name: a, scopes: [read]}', /"a" needs either env or file, and has neither/],
    ['with two sources', '{name: a, scopes: [read], env: A, file: b}', /"a" needs either env or file, and has both/],
    ['in the file', '{name: a, scopes: [read], token: correct-horse-battery-staple}', /tokens\[0\].token: unknown key/],
    [
      'given twice',
      '{name: a, scopes: [read], env: A}\n    - {name: a, scopes: [read], env: A}',
      /taken by an earlier[\s\S]*same token/,
    ],
  ])('%s: refused without showing it', async (_, entry, message) => {
    const problems = (await problemsOf(lines(`    - ${entry}`), { env: { A: SECRET, SHORT: 'zzshort' } })).join('\n');
    expect(problems).toMatch(message);
    expect(problems).not.toMatch(/correct-horse|zzshort/);
  });
});
