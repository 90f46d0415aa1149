import { describe, expect, it } from 'vitest';
import { hideCredentials, showValue } from '../../../src/config/show-value.js';

describe('showValue', () => {
  it.each([
    ['port', 0, '0'],
    ['host', 'here', '"here"'],
    ['cameras', [1, 2], 'a list of 2'],
    ['server', {}, 'a group of keys'],
    ['port', undefined, 'nothing'],
    ['token', 'abc', 'a value that is not shown'],
    ['apiKey', 'abc', 'a value that is not shown'],
    ['url', 'rtsp://user:pw@cam/1?key=pw', '"rtsp://***@cam/1?***"'],
    ['name', 'two\nlines', '"two\\nlines"'],
  ])('%s %j is shown as %s', (key, value, shown) => expect(showValue(key, value)).toBe(shown));

  it('cuts long values', () => expect(showValue('name', 'x'.repeat(500)).length).toBeLessThan(70));
});

describe('hideCredentials', () => {
  it.each([
    ['rtsp://a:b@c@host/x', 'rtsp://***@host/x'],
    ['http://host/x@y', 'http://host/x@y'],
    ['http://host/?token=1', 'http://host/?***'],
    ['me@example.org', 'me@example.org'],
    ['/dev/video0', '/dev/video0'],
  ])('%s -> %s', (text, hidden) => expect(hideCredentials(text)).toBe(hidden));
});
