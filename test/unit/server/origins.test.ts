import { describe, expect, it } from 'vitest';
import { hostName, isLoopback, OriginRules } from '../../../src/server/origins.js';

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['localhost', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['192.168.1.4', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
  ])('%s: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe('hostName', () => {
  it.each([
    ['127.0.0.1:7420', '127.0.0.1'],
    ['[::1]:7420', '[::1]'],
    ['Wall.Example', 'wall.example'],
    ['a:b@c', null],
    ['', null],
    [undefined, null],
    ['evil.example/127.0.0.1', null],
  ])('%s: %s', (authority, expected) => {
    expect(hostName(authority)).toBe(expected);
  });
});

describe('OriginRules', () => {
  const open = new OriginRules({
    allowedOrigins: ['https://wall.example'],
    listenHost: '127.0.0.1',
    checkHost: true,
  });
  const guarded = new OriginRules({ allowedOrigins: [], listenHost: '0.0.0.0', checkHost: false });

  it.each([
    ['127.0.0.1:7420', true],
    ['localhost:7420', true],
    ['[::1]:7420', true],
    ['wall.example', true],
    ['evil.example:7420', false],
    ['127.0.0.1.evil.example', false],
    [undefined, false],
  ])('without tokens, host %s: %s', (host, expected) => {
    expect(open.hostAllowed(host)).toBe(expected);
  });

  it('with tokens, any host name will do', () => {
    expect(guarded.hostAllowed('mien.intranet')).toBe(true);
  });

  it.each([
    [undefined, '127.0.0.1:7420', true],
    ['http://127.0.0.1:7420', '127.0.0.1:7420', true],
    ['https://127.0.0.1:7420', '127.0.0.1:7420', true],
    ['http://127.0.0.1:9999', '127.0.0.1:7420', false],
    ['https://wall.example', '127.0.0.1:7420', true],
    ['https://WALL.example', '127.0.0.1:7420', true],
    ['http://wall.example', '127.0.0.1:7420', false],
    ['https://wall.example.evil.example', '127.0.0.1:7420', false],
    ['null', '127.0.0.1:7420', false],
    ['', '127.0.0.1:7420', false],
    ['file://', '127.0.0.1:7420', false],
  ])('origin %s at %s: %s', (origin, host, expected) => {
    expect(open.originAllowed(origin, host)).toBe(expected);
  });
});
