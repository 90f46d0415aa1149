import { describe, expect, it } from 'vitest';
import { findRoute, matchPath, ROUTES } from '../../../src/server/routes.js';

describe('matchPath', () => {
  it.each([
    ['/api/v1/sources/{id}', '/api/v1/sources/door', 'door'],
    ['/api/v1/sources/{id}', '/api/v1/sources/', null],
    ['/api/v1/sources/{id}', '/api/v1/sources/Door', null],
    ['/api/v1/sources/{id}', '/api/v1/sources/..', null],
    ['/api/v1/sources/{id}', '/api/v1/sources/%2e%2e', null],
    ['/api/v1/sources/{id}', '/api/v1/sources/a\\b', null],
    ['/api/v1/sources/{id}', '/api/v1/sources/door/', null],
    ['/api/v1/info', '/api/v1/info', ''],
    ['/api/v1/info', '//api/v1/info', null],
  ])('%s of %s: %s', (pattern, path, expected) => {
    expect(matchPath(pattern, path)).toBe(expected);
  });
});

describe('findRoute', () => {
  it('finds every route by its method, and HEAD where there is GET', () => {
    for (const route of ROUTES) {
      expect(findRoute(route.method, route.path.replace('{id}', 'door')).route).toBe(route);
    }
    expect(findRoute('HEAD', '/healthz').route.path).toBe('/healthz');
  });

  it.each([
    ['GET', '/nowhere', 'NOT_FOUND'],
    ['DELETE', '/api/v1/sources', 'METHOD_NOT_ALLOWED'],
    ['PATCH', '/api/v1/sources/door', 'METHOD_NOT_ALLOWED'],
  ])('%s %s: %s', (method, path, code) => {
    expect(() => findRoute(method, path)).toThrow(expect.objectContaining({ code }));
  });

  it('opens nothing but /healthz to those without a token, and lets only admins change anything', () => {
    expect(ROUTES.filter(({ scope }) => scope === null).map(({ path }) => path)).toEqual(['/healthz']);
    // A question about a face changes nothing.
    const changing = ROUTES.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/questions'));
    for (const { scope } of changing) expect(scope).toBe('admin');
  });
});
