import { expect, test } from 'vitest';
import { childEnvironment } from '../../../src/source/child-environment.js';

test('a child gets what it needs to run, and no secret of ours', () => {
  const own = {
    PATH: '/bin',
    LC_ALL: 'C',
    LD_LIBRARY_PATH: '/lib',
    DOOR_PASSWORD: 'x',
    MIEN_TOKEN: 'x',
    OPENAI_API_KEY: 'x',
    http_proxy: 'http://u:p@proxy',
    no_proxy: '*',
    FFREPORT: 'file=/tmp/x',
    HOME: undefined,
  };
  expect(childEnvironment(own, { http_proxy: 'ours' })).toEqual({
    PATH: '/bin',
    LC_ALL: 'C',
    LD_LIBRARY_PATH: '/lib',
    http_proxy: 'ours',
  });
});
