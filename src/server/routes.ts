import { sourceId } from '../protocol/messages.js';
import { KEPT_ROUTES } from './kept-routes.js';
import { Problem } from './problem.js';
import type { Route } from './route.js';
import { RULE_ROUTES } from './rule-routes.js';
import { SOURCE_CHANGE_ROUTES } from './source-change-routes.js';
import { SOURCE_ROUTES } from './source-routes.js';
import { SYSTEM_ROUTES } from './system-routes.js';

/** Every route of the REST interface. */
export const ROUTES: readonly Route[] = [
  ...SYSTEM_ROUTES,
  ...SOURCE_ROUTES,
  ...SOURCE_CHANGE_ROUTES,
  ...RULE_ROUTES,
  ...KEPT_ROUTES,
];

/** Camera id where `path` has the shape of `pattern`; '' when the pattern has none; null when it does not fit. */
export function matchPath(pattern: string, path: string): string | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  let id = '';
  for (const [at, part] of wanted.entries()) {
    const said = given[at]!;
    // Ids are plain: nothing in a path is ever decoded.
    if (part === '{id}' && sourceId.safeParse(said).success) id = said;
    else if (part !== said) return null;
  }
  return id;
}

/** The route of a request. Throws NOT_FOUND, or METHOD_NOT_ALLOWED with what is. */
export function findRoute(method: string, path: string): { readonly route: Route; readonly id: string } {
  const fitting = ROUTES.flatMap((route) => {
    const id = matchPath(route.path, path);
    return id === null ? [] : [{ route, id }];
  });
  if (fitting.length === 0)
    throw new Problem('NOT_FOUND', 'there is nothing at this path: /openapi.json lists what is');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = fitting.find(({ route }) => route.method === wanted);
  if (found) return found;
  throw methodNotAllowed(fitting.map(({ route }) => route.method));
}

/** The refusal of a method where only these are known; HEAD goes wherever GET does. */
export function methodNotAllowed(methods: readonly string[]): Problem {
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return new Problem('METHOD_NOT_ALLOWED', `this path accepts ${allow}`, { allow });
}
