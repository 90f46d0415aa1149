import { describe, expect, it } from 'vitest';
import { environmentLayer, overrideLayer } from '../../../src/config/named-values.js';
import { configSchema } from '../../../src/config/schema.js';

describe('environmentLayer', () => {
  it.each([
    ['MIEN_SERVER__PORT', '8080', { server: { port: 8080 } }],
    ['MIEN_SERVER__ALLOWED_ORIGINS', '[https://a.org]', { server: { allowedOrigins: ['https://a.org'] } }],
    ['MIEN_DEFAULTS__MAXFPS', '12.5', { defaults: { maxFps: 12.5 } }],
    ['MIEN_PURPOSE_STATEMENT', 'safety: text stays text', { purposeStatement: 'safety: text stays text' }],
    ['MIEN_RETENTION__EPISODES', '5m', { retention: { episodes: '5m' } }],
    ['MIEN_METRICS', '{enabled: false}', { metrics: { enabled: false } }],
    ['MIEN_TOKEN', 'x', {}],
    ['MIEN_PORT_7420_TCP', 'tcp://1.2.3.4:7420', {}],
    ['MIEN_SERVER__PORT', '', {}],
    ['OTHER_SERVER__PORT', '1', {}],
  ])('%s=%s', (name, text, value) => {
    const { layer, problems } = environmentLayer(configSchema, { [name]: text });
    expect(problems).toEqual([]);
    expect(layer.value).toEqual(value);
  });

  it.each([
    ['MIEN_SERVER__PROT', '1', 'unknown key "PROT"; did you mean "port"?'],
    ['MIEN_SERVERS__PORT', '1', 'unknown key "SERVERS"; did you mean "server"?'],
    ['MIEN_CAMERAS__0__URL', 'x', 'takes a whole value here: give lists as YAML, such as [{id: door, type: push}]'],
    ['MIEN_CAMERAS', '[{', 'cannot be read as YAML; expected a list of cameras'],
  ])('%s=%s is a problem', (name, text, message) => {
    const { problems } = environmentLayer(configSchema, { [name]: text });
    expect(problems).toMatchObject([{ where: `environment ${name}`, text: message }]);
  });

  it('says where a key came from', () => {
    const { layer } = environmentLayer(configSchema, { MIEN_CAMERAS: '[{id: a, type: push}]' });
    expect(layer.locate(['cameras', 0, 'id'])).toBe('environment MIEN_CAMERAS');
    expect(layer.locate(['server', 'port'])).toBeUndefined();
  });
});

describe('overrideLayer', () => {
  it('puts several keys of one group together, the last of the same key in force', () => {
    const { layer, problems } = overrideLayer(configSchema, [
      { key: 'server.port', value: '1', origin: '--set' },
      { key: 'server.host', value: 'localhost', origin: '--host' },
      { key: 'server.port', value: 2, origin: '--port' },
    ]);
    expect(problems).toEqual([]);
    expect(layer.value).toEqual({ server: { port: 2, host: 'localhost' } });
  });

  it('refuses unknown keys', () => {
    const { problems } = overrideLayer(configSchema, [{ key: 'analysis.lane', value: '1', origin: '--set' }]);
    expect(problems).toEqual([
      { where: '--set', key: 'analysis.lane', text: 'unknown key "lane"; did you mean "lanes"?' },
    ]);
  });
});
